/** The answer of a backtest: core/backtest/report.ts has its meaning. */
import { z } from 'zod'
import { transitionFields } from './monitor-shapes.ts'
import { status, time } from './shapes.ts'

const standing = z.strictObject({
  overall: status,
  groups: z.int(),
  not_ok: z.record(z.string(), z.strictObject({ status, since: time })),
})

const episode = z.strictObject({
  group: z.string(),
  worst: status,
  triggered_at: time,
  recovered_at: time.nullable(),
  duration_s: z.number(),
  before_start: z.boolean(),
})

const wouldHave = z.strictObject({
  alerted: z.int(),
  warned: z.int(),
  gone_no_data: z.int(),
  recovered: z.int(),
  told: z.int(),
  not_told: z.record(z.string(), z.int()),
  episodes: z.array(episode),
  episodes_left_out: z.int(),
  transitions: z.array(z.strictObject({ ...transitionFields, receivers: z.array(z.string()) })),
  transitions_left_out: z.int(),
})

const notification = z.strictObject({
  receiver: z.string(),
  known: z.boolean(),
  count: z.int(),
  messages: z.array(z.strictObject({ at: time, title: z.string(), sequence: z.int() })),
  messages_left_out: z.int(),
})

export const backtestReport = z
  .strictObject({
    monitor: z.strictObject({ id: z.int().nullable(), name: z.string(), type: z.string(), query: z.string() }),
    from: time,
    to: time,
    starts_from: time,
    interval_s: z.number(),
    summary: z.string(),
    notes: z.array(z.string()),
    slots: z.strictObject({
      evaluated: z.int(),
      empty: z.int(),
      failed: z.int(),
      skipped: z.int(),
      warm_up: z.int(),
      reasons: z.array(z.strictObject({ outcome: z.enum(['failed', 'skipped']), reason: z.string(), slots: z.int() })),
    }),
    at_start: standing,
    at_end: standing,
    overall_s: z.record(z.string(), z.number()),
    would_have: wouldHave,
    notifications: z.array(notification),
    timeline: z.strictObject({
      buckets: z.int(),
      bucket_s: z.number(),
      groups: z.record(z.string(), z.string()),
      groups_left_out: z.int(),
    }),
    took_ms: z.number(),
  })
  .meta({ id: 'BacktestReport' })
