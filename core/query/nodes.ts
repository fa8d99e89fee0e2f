/**
 * What a query means, once it is parsed: one node type per language, told apart by `kind`. Plain JSON, no positions: two texts
 * that mean the same have equal nodes. Each language has a file of its own; new ones join the union at the bottom.
 * Read next: metric-nodes.ts, formula-nodes.ts; parse.ts, which turns text into nodes.
 */
import type { Comparator } from '../monitor/types.ts'
import type { FormulaQuery } from './formula-nodes.ts'
import type { MetricQuery } from './metric-nodes.ts'

/** `http("http://host/path").failed() > 0`: failed is 0 or 1, status the HTTP status, latency in seconds. */
export type HttpQuery = Readonly<{
  kind: 'http'
  url: string
  method: 'GET' | 'HEAD'
  measure: 'failed' | 'status' | 'latency'
  comparator: Comparator
  threshold: number
}>

export type Query = MetricQuery | FormulaQuery | HttpQuery
