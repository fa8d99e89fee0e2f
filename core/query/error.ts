/** What is wrong with a query, for people and for editors. Read next: parse.ts. */
import type { Expectation, GrammarError } from './syntax.ts'

export type QueryError = Readonly<{
  /** A sentence that names what was expected or is wrong, and line and column. */
  message: string
  /** What would have been right there; empty where the text is well formed. */
  expected: readonly string[]
  /** The character that stands there instead; null = the end of the text, or well formed. */
  found: string | null
  /** From 0, in UTF-16 units. */
  offset: number
  /** From 1, both. */
  line: number
  column: number
}>

/** An error about well-formed text at an offset. */
export function errorAt(text: string, offset: number, what: string): QueryError {
  const { line, column } = lineAndColumn(text, offset)
  return { message: `${what} (line ${line}, column ${column})`, expected: [], found: null, offset, line, column }
}

/** What a generated parser says, in our words. `what` the text is: it may end too early. */
export function fromGrammar(text: string, error: GrammarError, what: 'query' | 'scope' | 'search' = 'query'): QueryError {
  const { offset } = error.location.start
  // What an action found has a message of its own.
  if (error.expected === null) return errorAt(text, offset, error.message)
  const { line, column } = lineAndColumn(text, offset)
  const expected = [...new Set(error.expected.flatMap((expectation) => describe(expectation, what)))].sort()
  // The parser's `found` is null where an action raised the error, so it is read off the text.
  const codePoint = text.codePointAt(offset)
  const found = codePoint === undefined ? null : String.fromCodePoint(codePoint)
  const instead = found === null ? `the ${what} ends` : `${JSON.stringify(found)} stands`
  return {
    message: `syntax error: expected ${list(expected)}, but ${instead} at line ${line}, column ${column}`,
    expected,
    found,
    offset,
    line,
    column,
  }
}

/** The message without its line and column: for a text inside of another, which has its own. */
export function withoutPlace({ message, line, column }: QueryError): string {
  return message.replace(` at line ${line}, column ${column}`, '').replace(` (line ${line}, column ${column})`, '')
}

function describe(expectation: Expectation, what: string): string[] {
  switch (expectation.type) {
    case 'literal':
      return [JSON.stringify(expectation.text)]
    case 'end':
      return [`end of ${what}`]
    case 'other':
      // Blanks may stand nearly everywhere: naming them helps nobody.
      return expectation.description === 'blank' ? [] : [expectation.description]
    case 'class':
    case 'any':
    case 'not':
      return []
  }
}

function list(items: readonly string[]): string {
  if (items.length === 0) return 'something else'
  return items.length === 1 ? `${items[0]}` : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
