import type { EvaluationEntry } from '../../activities/ports.ts'

/** What one evaluation of monitor 1001 was, changed where a test needs it. */
export const evaluationEntry = (slot: number, more: Partial<EvaluationEntry> = {}): EvaluationEntry => ({
  monitorId: 1001,
  version: 1,
  slot,
  at: slot + 20,
  outcome: 'evaluated',
  reason: null,
  values: { min: 1, max: 5.25 },
  groupsSeen: 3,
  groupsTold: 1,
  durationMs: 12,
  query: 'avg(last_5m):avg:app.load{*} > 4',
  delayMs: 0,
  ...more,
})
