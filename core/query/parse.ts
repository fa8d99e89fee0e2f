/**
 * From the text of a query to its nodes, or to an error that says what was expected and where.
 * Never throws, whatever the text; never guesses. Read next: nodes.ts, metric-parse.ts, languages.ts.
 */
import { errorAt, type QueryError } from './error.ts'
import { eventSourcesOf } from './event-sources.ts'
import { isFormula, parseFormula } from './formula-parse.ts'
import { parseOther } from './languages.ts'
import { type Parsed, parseMetric } from './metric-parse.ts'
import { nestingOffset } from './nesting.ts'
import type { Query } from './nodes.ts'

/**
 * invalid: the text is wrong and must not be stored. unsupported: it is (as far as the grammars know) right, and no
 * source evaluates it: a type of monitor without a language here; it may be stored.
 */
export type ParseResult = Readonly<
  | { ok: true; kind: 'parsed'; query: Query }
  | { ok: false; kind: 'invalid'; error: QueryError }
  | { ok: false; kind: 'unsupported'; error: QueryError }
>

/** Characters of a query at most. The longest one in public use has 900; the parser's time grows with the length. */
export const queryCharsMax = 20_000

/** Brackets within brackets at most: the parsers are recursive, and nobody reads deeper ones. */
const nestingMax = 50

/** Parses and checks the query of a monitor of this type. */
export function parseQuery(type: string, text: string): ParseResult {
  if (text.length > queryCharsMax) {
    return invalid(errorAt(text, queryCharsMax, `the query is longer than ${queryCharsMax} characters`))
  }
  const tooDeep = nestingOffset(text, nestingMax)
  if (tooDeep !== null) return invalid(errorAt(text, tooDeep, `more than ${nestingMax} brackets within each other`))
  switch (type) {
    case 'metric alert':
    case 'query alert':
    case 'cost alert':
      return result(isFormula(text) ? parseFormula(text) : parseMetric(text))
    default: {
      if (isFormula(text) && eventSourcesOf(type) !== null) return result(parseFormula(text, type === 'data-jobs alert'))
      const parsed = parseOther(type, text)
      return parsed === null
        ? unsupported(errorAt(text, 0, `queries of the type ${JSON.stringify(type)} can't be evaluated yet`))
        : result(parsed)
    }
  }
}

function result(parsed: Parsed<Query>): ParseResult {
  return parsed.ok ? { ok: true, kind: 'parsed', query: parsed.query } : invalid(parsed.error)
}

function invalid(error: QueryError): ParseResult {
  return { ok: false, kind: 'invalid', error }
}

function unsupported(error: QueryError): ParseResult {
  return { ok: false, kind: 'unsupported', error }
}
