/** A team is named by a tag of this key. */
const teamPrefix = 'team:'
/** The server takes no longer fairness key, in bytes. */
const keyBytesMax = 64

/**
 * Among monitors of one priority each team has the same share of a busy queue: the key by which they are told apart.
 * null = no team; those monitors share with each other. Of several teams the first by name counts.
 */
export function fairShareKey(tags: readonly string[]): string | null {
  const [team] = tags.filter((tag) => tag.length > teamPrefix.length && tag.startsWith(teamPrefix)).toSorted()
  return team === undefined ? null : cut(team)
}

/** Whole characters only. */
function cut(text: string): string {
  let bytes = 0
  let kept = ''
  for (const character of text) {
    bytes += bytesOf(character.codePointAt(0) ?? 0)
    if (bytes > keyBytesMax) break
    kept += character
  }
  return kept
}

/** In UTF-8. */
function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
