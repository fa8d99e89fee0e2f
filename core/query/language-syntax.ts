/** What the grammars of the smaller languages answer, before it becomes nodes: the parts of the text with their offsets. Read next: language.ts. */
import type { ComparedSyntax as Compared } from './language.ts'
import type { DnsRecord, HttpTarget } from './our-nodes.ts'
import type { Bound } from './search-nodes.ts'
import type { Located, LocatedText } from './syntax.ts'

/** A text in quotes: as it stands between them, and where it begins. Read by quoted.ts. */
export type Quoted = Readonly<{ raw: string; offset: number }>

export type Span = Readonly<{ text: string; count: number; unit: SpanUnit; offset: number }>
export type SpanUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo'

/** A call of a chain, such as .by("host"): one type per name. */
export type TagsCall<Name> = Name extends string ? Readonly<{ name: Name; values: readonly Quoted[]; offset: number }> : never
export type LastCall = Readonly<{ name: 'last'; span: Span; offset: number }>

export type CheckSyntax = Readonly<{
  check: Quoted
  parts: readonly (TagsCall<'over' | 'exclude' | 'by'> | Readonly<{ name: 'last'; count: Located<number>; offset: number }>)[]
  measure: 'count' | 'percent'
}>

export type EventCall =
  | TagsCall<'index' | 'by'>
  | LastCall
  | Readonly<{ name: 'rollup'; method: Quoted; measure: Quoted | null; offset: number }>
  | Readonly<{ name: 'source'; value: Quoted; offset: number }>
  | Readonly<{ name: 'new'; offset: number }>
  | Readonly<{ name: 'impact'; offset: number }>

export type EventSyntax = Compared & Readonly<{ source: LocatedText; search: Quoted; calls: readonly EventCall[] }>

export type ProcessCall = TagsCall<'over' | 'exclude' | 'by'> | LastCall | Readonly<{ name: 'rollup'; method: Quoted; offset: number }>

export type ProcessSyntax = Compared & Readonly<{ search: Quoted; calls: readonly ProcessCall[] }>

export type SearchSyntax =
  | Readonly<{ kind: 'all' }>
  | Readonly<{ kind: 'words'; text: string; phrase: boolean; anywhere: boolean }>
  | Readonly<{ kind: 'field'; key: string; test: SearchTest }>
  | Readonly<{ kind: 'and' | 'or'; of: readonly SearchSyntax[] }>
  | Readonly<{ kind: 'not'; of: SearchSyntax }>

export type SearchTest =
  | Readonly<{ kind: 'range'; from: Bound | null; to: Bound | null }>
  /** Backslashes still in it. */
  | Readonly<{ kind: 'text'; text: string; quoted: boolean }>

export type CompositeSyntax =
  | Readonly<{ kind: 'monitor'; id: number; offset: number }>
  | Readonly<{ kind: 'not'; of: CompositeSyntax }>
  | Readonly<{ kind: 'and' | 'or'; of: readonly CompositeSyntax[] }>

export type SloSyntax = Compared &
  Readonly<{ measure: 'error_budget' | 'burn_rate'; slo: Quoted; over: Span; burn: Readonly<{ long: Span; short: Span }> | null }>

export type PromqlSyntax = Readonly<{ of: LocatedText; comparison: Compared | null }>

export type SqlSyntax = Readonly<{ statement: LocatedText; comparison: Compared | null }>

export type HttpSetting =
  | Readonly<{ name: 'method'; value: HttpTarget['method']; offset: number }>
  | Readonly<{ name: 'header'; key: Quoted; value: Quoted; offset: number }>
  | Readonly<{ name: 'payload'; value: Quoted; offset: number }>

export type MeasureSyntax =
  | Readonly<{ kind: 'failed' | 'status' | 'latency' | 'days_left' }>
  | Readonly<{ kind: 'body'; pattern: Quoted }>
  | Readonly<{ kind: 'answers'; value: Quoted | null }>

export type TargetSyntax =
  | Readonly<{ kind: 'http'; url: LocatedText; settings: readonly HttpSetting[] }>
  | Readonly<{ kind: 'tls' | 'tcp'; host: LocatedText; port: number }>
  | Readonly<{ kind: 'dns'; name: LocatedText; record: DnsRecord }>

export type ProbeSyntax = Readonly<{ target: TargetSyntax; assertions: readonly (Compared & Readonly<{ measure: MeasureSyntax }>)[] }>

export type HeartbeatSyntax = Readonly<{ key: LocatedText; every: Span; grace: Span | null; missed: Compared | null }>
