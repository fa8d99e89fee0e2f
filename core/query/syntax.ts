/** What the grammars answer, before it becomes nodes: the parts of the text with their offsets. Read next: parse.ts. */
import type { Comparator } from '../monitor/types.ts'
import type { CalendarUnit, FilterTerm, HttpQuery, SpaceAggregator, TimeAggregator } from './nodes.ts'

/** A part that the grammar knows and the engine doesn't evaluate yet. */
export type Later = Readonly<{ later: string; offset: number }>

export type Located<Value> = Readonly<{ value: Value; offset: number }>
export type LocatedText = Readonly<{ text: string; offset: number }>

export type WindowSyntax = Readonly<{ text: string; ms: number; calendar: CalendarUnit | null; offset: number }>

export type SeriesSyntax = Readonly<{
  aggregator: SpaceAggregator
  metric: string
  filter: readonly FilterTerm[]
  by: readonly LocatedText[]
}>

export type MetricSyntax = Readonly<{
  over: Readonly<{ aggregator: TimeAggregator; window: WindowSyntax }> | Later
  of: SeriesSyntax | Later
  comparator: Comparator
  threshold: Located<number>
}>

export type HttpSyntax = Readonly<{
  url: LocatedText
  method: HttpQuery['method']
  measure: HttpQuery['measure']
  comparator: Comparator
  threshold: Located<number>
}>

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
