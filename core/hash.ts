/** Numbers made of names and numbers, the same on every machine and for ever: grids, shards and keys hang on them. Not for secrets. */

/** 32 bits of a name: FNV-1a over its UTF-16 units. `seed`: another one gives another number. */
export function numberOfName(name: string, seed = 0x811c9dc5): number {
  let h = seed
  for (let at = 0; at < name.length; at += 1) h = Math.imul(h ^ name.charCodeAt(at), 0x01000193)
  return h >>> 0
}

/** Finalizer of MurmurHash3 (Austin Appleby, public domain): every bit of the input reaches every bit of the result. */
export function mix32(input: number): number {
  let h = (input ^ Math.floor(input / 0x1_0000_0000)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
