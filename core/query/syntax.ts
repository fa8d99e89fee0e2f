/** What the grammars answer, before it becomes nodes: the parts of the text with their offsets. Read next: parse.ts. */
import type { Comparator } from '../monitor/spec-types.ts'
import type { FormulaQuery } from './formula-nodes.ts'
import type { Expression, Over } from './metric-nodes.ts'
import type { NotedPlaces } from './places.ts'

export type Located<Value> = Readonly<{ value: Value; offset: number }>
export type LocatedText = Readonly<{ text: string; offset: number }>

/** Series become the expression as it is; which percentile a window is about stands in them. */
export type MetricSyntax = Readonly<{
  over: Omit<Over, 'aggregator'> & Readonly<{ aggregator: 'avg' | 'sum' | 'min' | 'max' | 'count' | 'percentile' }>
  of: Expression
  comparator: Comparator
  threshold: Located<number>
  places: NotedPlaces
}>

/** The query of a variable. */
export type MetricExpressionSyntax = Readonly<{ of: Expression; places: NotedPlaces }>

export type FormulaSyntax = Readonly<{ query: FormulaQuery; threshold: Located<number>; places: NotedPlaces }>

/** A scope needs no offsets: what is wrong with one is its syntax. */
export type { Scope } from '../monitor/types.ts'

/** One thing that would have been right at the place of a syntax error. */
export type Expectation = Readonly<
  | { type: 'literal'; text: string; ignoreCase: boolean }
  | { type: 'class'; inverted: boolean }
  | { type: 'any' }
  | { type: 'end' }
  | { type: 'other'; description: string }
  | { type: 'not' }
>

type Position = Readonly<{ offset: number; line: number; column: number }>

/** The error that a generated parser throws. */
export type GrammarError = Error &
  Readonly<{
    expected: readonly Expectation[] | null
    found: string | null
    location: Readonly<{ start: Position; end: Position }>
  }>
