/** Texts of searches: words, wildcards and backslashes. Read next: search.ts, search-match.ts. */

const word = /[\p{L}\p{N}_]+/gu
const wildWord = /[\p{L}\p{N}_*?]+/gu

/** The words of a text, in lower case: runs of letters, digits and `_`. Outside of quotes `*` and `?` belong to them. */
export function wordsOf(text: string, phrase: boolean): string[] {
  return [
    ...literal(text)
      .toLowerCase()
      .matchAll(phrase ? word : wildWord),
  ].map(([found]) => found)
}

/** Whether a text has a wildcard that no backslash makes a plain character. */
export function isWild(text: string): boolean {
  return /^(?:[^\\]|\\.)*?[*?]/s.test(text)
}

/** Backslashes taken away. */
export function literalOf(text: string): string {
  return text.replace(/\\(.)/gs, '$1')
}

/** Backslashes stay before `*`, `?` and themselves only. */
export function patternOf(text: string): string {
  return text.replace(/\\(.)/gs, (pair, character: string) => ('*?\\'.includes(character) ? pair : character))
}

/** A wildcard behind a backslash is punctuation, as in a phrase. */
function literal(text: string): string {
  return literalOf(text.replace(/\\[*?\\]/g, ' '))
}
