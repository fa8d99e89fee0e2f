/**
 * From text to nodes, the same way for each of the smaller languages: its generated parser, then what a grammar can't say.
 * Never throws, whatever the text. Read next: calls.ts, what chains of calls have in common; languages.ts, which type has which language.
 */
import type { Comparator } from '../monitor/spec-types.ts'
import { errorAt, fromGrammar, type QueryError } from './error.ts'
import { type Parser, runParser } from './run-parser.ts'
import type { Located } from './syntax.ts'

export type LanguageResult<Node> = Readonly<{ ok: true; query: Node } | { ok: false; error: QueryError }>

/** Says what is wrong at an offset of the text; the first place counts. */
export type Report = (message: string, offset: number) => void

/** `build` makes a node in any case: where it reported something, nobody sees it. */
export function readLanguage<Syntax, Node>(
  parser: Parser<Syntax>,
  text: string,
  build: (syntax: Syntax, report: Report) => Node,
): LanguageResult<Node> {
  const parsed = runParser(parser, text)
  if (!parsed.ok) return { ok: false, error: fromGrammar(text, parsed.error) }
  const problems: Readonly<{ message: string; offset: number }>[] = []
  const query = build(parsed.syntax, (message, offset) => problems.push({ message, offset }))
  const [first] = problems.sort((one, other) => one.offset - other.offset)
  return first === undefined ? { ok: true, query } : { ok: false, error: errorAt(text, first.offset, first.message) }
}

export type ComparedSyntax = Readonly<{ comparator: Comparator; threshold: Located<number> }>
export type Compared = Readonly<{ comparator: Comparator; threshold: number }>

/** The comparison that a query ends with. */
export function comparedOf({ comparator, threshold }: ComparedSyntax, report: Report): Compared {
  if (!Number.isFinite(threshold.value)) report('the threshold is too large a number', threshold.offset)
  return { comparator, threshold: threshold.value }
}
