/**
 * The canonical text of a group: its tags as `k:v,k2:v2` in the order of sorted keys, `*` where there are none.
 * A backslash stands before `,` and `\`, and before `:` inside a key, so every set of tags has one text and back.
 * Never changes: stored states and transitions are found by it.
 */

/** The text of a set of tags; `*` for the empty set. */
export function groupKey(tags: Readonly<Record<string, string>>): string {
  const keys = Object.keys(tags).sort()
  if (keys.length === 0) return '*'
  return keys.map((key) => `${escapeKey(key)}:${escapeValue(tags[key] ?? '')}`).join(',')
}

/** The inverse of groupKey. Total: a part without a colon is a tag with an empty value. */
export function parseGroupKey(key: string): Record<string, string> {
  if (key === '*') return {}
  return Object.fromEntries(splitUnescaped(key, ',', Number.POSITIVE_INFINITY).map(tagOf))
}

/** The tags of a group as people write them, `key:value` each and without escapes, in the order of the key. */
export function groupTags(key: string): string[] {
  return Object.entries(parseGroupKey(key)).map(([name, value]) => `${name}:${value}`)
}

function tagOf(part: string): [string, string] {
  const [key = '', value = ''] = splitUnescaped(part, ':', 2)
  return [unescaped(key), unescaped(value)]
}

function escapeKey(key: string): string {
  return key.replace(/[\\,:]/g, '\\$&')
}

function escapeValue(value: string): string {
  return value.replace(/[\\,]/g, '\\$&')
}

function unescaped(text: string): string {
  return text.replace(/\\([\\,:])/g, '$1')
}

/** Splits at separators that no backslash precedes, into at most `partsMax` parts; escapes stay in. */
function splitUnescaped(text: string, separator: string, partsMax: number): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length && parts.length + 1 < partsMax; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === separator) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}
