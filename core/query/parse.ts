/**
 * From the text of a query to its nodes, or to an error that says what was expected and where.
 * Never throws, whatever the text; never guesses. Read next: nodes.ts, metric.peggy, check.ts.
 */
import { checkQuery, type Offsets } from './check.ts'
import { errorAt, fromGrammar, type QueryError } from './error.ts'
import { isFormula, parseFormula } from './formula-parse.ts'
import * as http from './http.generated.js'
import { type Parsed, parseMetric } from './metric-parse.ts'
import { nestingOffset } from './nesting.ts'
import type { HttpQuery, Query } from './nodes.ts'
import { runParser } from './run-parser.ts'
import type { HttpSyntax } from './syntax.ts'

/**
 * invalid: the text is wrong and must not be stored. unsupported: it is (as far as the grammars know) right, and no
 * source evaluates it yet: another type of monitor, or syntax such as functions and arithmetic; it may be stored.
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
    case 'http alert':
      return parseHttp(text)
    default:
      if (isFormula(text)) return result(parseFormula(text, type === 'data-jobs alert'))
      return unsupported(errorAt(text, 0, `queries of the type ${JSON.stringify(type)} can't be evaluated yet`))
  }
}

function result(parsed: Parsed<Query>): ParseResult {
  return parsed.ok ? { ok: true, kind: 'parsed', query: parsed.query } : invalid(parsed.error)
}

function parseHttp(text: string): ParseResult {
  const parsed = runParser(http, text)
  if (!parsed.ok) return invalid(fromGrammar(text, parsed.error))
  const { url, method, measure, comparator, threshold }: HttpSyntax = parsed.syntax
  const query: HttpQuery = { kind: 'http', url: url.text, method, measure, comparator, threshold: threshold.value }
  return checked(text, query, { url: url.offset, threshold: threshold.offset })
}

function checked(text: string, query: HttpQuery, offsets: Offsets): ParseResult {
  const [issue] = checkQuery(query, offsets)
  return issue === undefined ? { ok: true, kind: 'parsed', query } : invalid(errorAt(text, issue.offset ?? 0, issue.message))
}

function invalid(error: QueryError): ParseResult {
  return { ok: false, kind: 'invalid', error }
}

function unsupported(error: QueryError): ParseResult {
  return { ok: false, kind: 'unsupported', error }
}
