/**
 * What every JSON body must be before its shape matters: storable and bounded. Strings and keys without NUL and
 * lone surrogates (PostgreSQL can hold neither), finite numbers, no `__proto__`, no depth that recursion can't take.
 * Never recurses itself. Read next: parse.ts.
 */
import { jsonDepthMax } from './bounds.ts'

/** An object or array on the way down; the path is only spelled out when something is wrong. */
type Place = Readonly<{ value: object; key: string; parent: Place | null; depth: number }>

/** A place is named in an error by at most this much: the rest of it is the sender's own text. */
const pathCharsMax = 200

/** The first thing wrong, as a sentence that names the place; null when all is well. */
export function unstorable(body: unknown): string | null {
  if (!isContainer(body)) return wrongValue(body)
  const open: Place[] = [{ value: body, key: '', parent: null, depth: 1 }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const [key, value] of Object.entries(place.value)) {
      const wrong = wrongKey(key) ?? wrongValue(value) ?? wrongDepth(value, place.depth)
      if (wrong !== null) return `${pathOf(place, key)}: ${wrong}`
      if (isContainer(value)) open.push({ value, key, parent: place, depth: place.depth + 1 })
    }
  }
  return null
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function wrongDepth(value: unknown, depth: number): string | null {
  return isContainer(value) && depth >= jsonDepthMax ? `nested deeper than ${jsonDepthMax} levels` : null
}

function wrongKey(key: string): string | null {
  return key === '__proto__' ? 'this name is not allowed' : wrongText(key)
}

function wrongValue(value: unknown): string | null {
  if (typeof value === 'string') return wrongText(value)
  return typeof value === 'number' && !Number.isFinite(value) ? 'number out of range' : null
}

function wrongText(text: string): string | null {
  if (text.includes('\u0000')) return 'text must not contain the NUL character'
  return text.isWellFormed() ? null : 'text must not contain half of a surrogate pair'
}

function pathOf(place: Place, key: string): string {
  const keys = [key]
  for (let up: Place | null = place; up !== null && up.parent !== null; up = up.parent) keys.unshift(up.key)
  return keys.join('.').slice(0, pathCharsMax).toWellFormed()
}
