/**
 * What a service check's query means, once it is parsed. Plain JSON, no positions. How many results in a row make a status is said
 * by the monitor's thresholds, not by the query. Read next: check.peggy, the grammar; fixed-levels.ts, what its values are.
 */
import type { Scope } from '../monitor/types.ts'

/** `"app.can_connect".over("env:prod").exclude("host:web-1").by("host").last(4).count_by_status()` */
export type CheckQuery = Readonly<{
  kind: 'check'
  /** The check's name, as it was reported. */
  check: string
  /** Which of its results, by their tags: all of `over`, none of `exclude`. */
  filter: Scope
  /** Tag keys in the order they were written; empty = all of it is one group. `*` = each set of tags is a group. */
  by: readonly string[] | '*'
  /** So many of a group's newest results are looked at. */
  last: number
  /**
   * count: how many of the newest results of a group, one after the other, have the same status. percent: how many of the members of a
   * group (each set of tags is one) have a status, in percent of all (`.pct_by_status()`).
   */
  measure: 'count' | 'percent'
}>
