/** Whether a text reads like a pattern: `*` any text, `?` one character, a backslash before either (or itself) makes it a plain one. */
export function globMatches(pattern: string, text: string): boolean {
  return matches(partsOf(pattern), [...text])
}

type Part = Readonly<{ kind: 'any' | 'one' } | { kind: 'plain'; character: string }>

function partsOf(pattern: string): Part[] {
  return [...pattern.matchAll(/\\?./gsu)].map(([part]): Part => {
    if (part === '*') return { kind: 'any' }
    if (part === '?') return { kind: 'one' }
    return { kind: 'plain', character: part.length > 1 && part.startsWith('\\') ? part.slice(1) : part }
  })
}

/** Goes back to the last star only, so its time is at most the product of both lengths. */
function matches(pattern: readonly Part[], text: readonly string[]): boolean {
  let at = 0
  let next = 0
  let star = -1
  let resumeAt = 0
  while (at < text.length) {
    const part = pattern[next]
    if (part?.kind === 'any') {
      star = next
      next += 1
      resumeAt = at
    } else if (part !== undefined && (part.kind === 'one' || (part.kind === 'plain' && part.character === text[at]))) {
      next += 1
      at += 1
    } else if (star >= 0) {
      next = star + 1
      resumeAt += 1
      at = resumeAt
    } else return false
  }
  while (pattern[next]?.kind === 'any') next += 1
  return next === pattern.length
}
