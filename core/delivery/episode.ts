import { mix32, numberOfName } from '../hash.ts'

/** What receivers allow for deduplication keys and aliases, with room for a prefix of theirs. */
const keyCharactersMax = 200

/** The key of a group's episode: the same for each of them, so that whatever of it is still open at the receiver is found again. */
export function episodeKey(monitorId: number, group: string): string {
  const key = `tocsin-${monitorId}-${group}`
  return key.length <= keyCharactersMax && /^[\x21-\x7e]*$/.test(key) ? key : `tocsin-${monitorId}-#${digestOf(group)}`
}

/** Of all groups that began in one commit. No group is called like this: their keys have a colon, or are `*`. */
export function stormKey(monitorId: number, sequence: number): string {
  return `tocsin-${monitorId}-storm-${sequence}`
}

/** 128 bits in hex: as good as unique among the groups of a monitor, and the same on every machine. Not for secrets. */
function digestOf(text: string): string {
  return [0x811c9dc5, 0x9747b28c, 0x5bd1e995, 0x27d4eb2f]
    .map((seed) => mix32(numberOfName(text, seed)).toString(16).padStart(8, '0'))
    .join('')
}
