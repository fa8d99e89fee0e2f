import { matchesStars } from '../stars.ts'

/** Whether a text reads like a pattern: `*` any text, `?` one character, a backslash before either (or itself) makes it a plain one. */
export function globMatches(pattern: string, text: string): boolean {
  return matchesStars(
    partsOf(pattern),
    [...text],
    (part) => part.kind === 'any',
    (part, character) => part.kind === 'one' || (part.kind === 'plain' && part.character === character),
  )
}

type Part = Readonly<{ kind: 'any' | 'one' } | { kind: 'plain'; character: string }>

function partsOf(pattern: string): Part[] {
  return [...pattern.matchAll(/\\?./gsu)].map(([part]): Part => {
    if (part === '*') return { kind: 'any' }
    if (part === '?') return { kind: 'one' }
    return { kind: 'plain', character: part.length > 1 && part.startsWith('\\') ? part.slice(1) : part }
  })
}
