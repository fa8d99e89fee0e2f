import type { EvaluationRow } from '../adapters/postgres/queries/evaluations.ts'

export type PresentedEvaluation = Readonly<{ slot: number }> & Readonly<Record<string, unknown>>

/** One evaluation for people: the slot in epoch ms as everywhere, times beside it in ISO 8601. */
export function presentEvaluation(row: EvaluationRow): PresentedEvaluation {
  return {
    slot: row.slot,
    slot_at: new Date(row.slot).toISOString(),
    at: new Date(row.at_ms).toISOString(),
    outcome: row.outcome,
    reason: row.reason,
    version: row.version,
    min: row.value_min,
    max: row.value_max,
    groups: row.groups_seen,
    groups_told: row.groups_told,
    duration_ms: row.duration_ms,
    query: row.query,
    as_of: row.query === null ? null : new Date(row.slot - row.delay_ms).toISOString(),
  }
}
