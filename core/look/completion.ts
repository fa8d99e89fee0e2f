/** Words of a source that complete a query: names, keys of tags, values of a key. Read next: activities/look.ts. */

/** `name`: of metrics, checks. `key`: of tags and attributes. `value`: of one key. */
export const completionKinds = ['name', 'key', 'value'] as const
export type CompletionKind = (typeof completionKinds)[number]

/** What a source is asked. */
export type WordsQuery = Readonly<{
  type: string
  of: CompletionKind
  /** Only of what carries this name; null = of everything. */
  name: string | null
  /** Whose values; null where it isn't about values. */
  key: string | null
  /** What the words hold, in any case; those that begin with it come first. */
  text: string
  limit: number
  timeoutMs: number
}>

export type CompletionQuestion = Readonly<{
  type: string
  tags: readonly string[]
  datasource: string | null
  words: Omit<WordsQuery, 'type' | 'timeoutMs'>
}>

/** `more`: there are others, a longer text finds them. `source` null = nothing could be asked, and `note` says why. */
export type Completion = Readonly<{ source: string | null; words: readonly string[]; more: boolean; note: string | null }>

/** Those that hold the text, first those that begin with it, at most `limit`. */
export function matchingWords(words: Iterable<string>, text: string, limit: number): Readonly<{ words: readonly string[]; more: boolean }> {
  const wanted = text.toLowerCase()
  const found = [...new Set(words)].filter((word) => word !== '' && word.toLowerCase().includes(wanted))
  const begins = (word: string): number => (word.toLowerCase().startsWith(wanted) ? 0 : 1)
  found.sort((one, other) => begins(one) - begins(other) || (one < other ? -1 : 1))
  return { words: found.slice(0, limit), more: found.length > limit }
}
