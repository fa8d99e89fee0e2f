/**
 * What a query about events means, once it is parsed: logs and all that is searched like them. Plain JSON, no positions.
 * Read next: event.peggy, the grammar; search-nodes.ts; event-sources.ts, which type of monitor searches what.
 */
import type { Comparator } from '../monitor/spec-types.ts'
import type { Percentile } from './metric-nodes.ts'
import type { Search } from './search-nodes.ts'

/** `logs("service:web status:error").index("main").rollup("count").by("host,@http.method").last("5m") > 10` */
export type EventQuery = Readonly<{
  kind: 'event'
  source: EventSource
  search: Search
  /** Names of indexes; empty = all of them. */
  indexes: readonly string[]
  method: EventMethod
  /** What is counted or averaged: `@duration`, or a tag's key. null = the events themselves (`count` only). */
  measure: string | null
  /** Tag keys in lower case and `@attributes`, in the order they were written; empty = one group of everything. */
  by: readonly string[]
  windowMs: number
  /** As it was written: `5m`, `1d`. */
  windowText: string
  /** Error tracking only: which issues. */
  issues: Readonly<{ source: string | null; only: 'new' | 'impact' | null }> | null
  comparator: Comparator
  threshold: number
}>

export type EventMethod = 'count' | 'cardinality' | 'avg' | 'sum' | 'min' | 'max' | Percentile

/** What is searched, as queries name it. */
export type EventSource =
  | 'logs'
  | 'events'
  | 'audits'
  | 'rum'
  | 'ci-pipelines'
  | 'ci-tests'
  | 'error-tracking'
  | 'error-tracking-logs'
  | 'error-tracking-rum'
  | 'error-tracking-traces'
  | 'trace-analytics'
  | 'llm-observability'
  | 'database-monitoring'
  | 'network-performance'
  | 'network-path'
