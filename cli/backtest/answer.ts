/** The answer of POST /api/v2/monitor/backtest, as far as it is shown. Read next: core/backtest/report.ts, show.ts. */
import { z } from 'zod'

const status = z.enum(['OK', 'Warn', 'Alert', 'No Data', 'Unknown'])
const time = z.iso.datetime().transform((text) => Date.parse(text))

const standing = z.object({
  overall: status,
  groups: z.number(),
  not_ok: z.record(z.string(), z.object({ status, since: time })),
})

const transition = z.object({
  at: time,
  group: z.string(),
  from: status,
  to: status,
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  reason: z.string(),
  notify: z.object({ send: z.boolean(), reason: z.string() }),
  receivers: z.array(z.string()),
})

export const backtestAnswer = z.object({
  monitor: z.object({ id: z.number().nullable(), name: z.string(), type: z.string(), query: z.string() }),
  from: time,
  to: time,
  starts_from: time,
  interval_s: z.number(),
  summary: z.string(),
  notes: z.array(z.string()),
  slots: z.object({ evaluated: z.number(), failed: z.number(), skipped: z.number() }),
  at_start: standing,
  at_end: standing,
  overall_s: z.record(status, z.number()),
  would_have: z.object({
    not_told: z.record(z.string(), z.number()),
    transitions: z.array(transition),
    transitions_left_out: z.number(),
  }),
  notifications: z.array(z.object({ receiver: z.string(), known: z.boolean(), count: z.number() })),
  timeline: z.object({ bucket_s: z.number(), groups: z.record(z.string(), z.string()), groups_left_out: z.number() }),
  took_ms: z.number(),
})

export type BacktestAnswer = z.infer<typeof backtestAnswer>
export type ShownTransition = z.infer<typeof transition>
export type ShownStatus = z.infer<typeof status>
