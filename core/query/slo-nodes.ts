/** What a query about a service level objective means, once it is parsed. Plain JSON, no positions. Read next: slo.peggy. */
import type { Comparator } from '../monitor/spec-types.ts'

/**
 * `error_budget("id").over("7d") > 75`: the part of the budget that is used up, in percent.
 * `burn_rate("id").over("30d").long_window("1h").short_window("5m") > 14.4`: how many times faster than allowed it is used up.
 */
export type SloQuery = Readonly<{
  kind: 'slo'
  measure: 'error_budget' | 'burn_rate'
  slo: string
  /** The objective's own time. */
  windowMs: number
  windowText: string
  /** Burn rates only: both windows must be over the threshold. */
  burn: Readonly<{ longMs: number; longText: string; shortMs: number; shortText: string }> | null
  comparator: Comparator
  threshold: number
}>
