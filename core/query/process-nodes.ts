/** What a query about processes means, once it is parsed. Plain JSON, no positions. Read next: process.peggy. */
import type { Comparator } from '../monitor/spec-types.ts'
import type { Scope } from '../monitor/types.ts'
import type { Search } from './search-nodes.ts'

/** `processes("java").over("env:prod").by("host").rollup("count").last("5m") < 1` */
export type ProcessQuery = Readonly<{
  kind: 'process'
  search: Search
  /** Which of them, by their tags: all of `over`, none of `exclude`. */
  filter: Scope
  /** Tag keys in the order they were written; empty = one group of everything. */
  by: readonly string[]
  windowMs: number
  windowText: string
  comparator: Comparator
  threshold: number
}>
