/**
 * A monitor's options: Datadog's, deprecated ones included, and our own. Absent options stay absent; the few
 * defaults that are echoed are filled in by withDefaults().
 * Never coerces, but for one option that Datadog's own exports write as text. Read next: monitor.ts, check.ts.
 */
import { z } from 'zod'
import { highMark, lowMark } from '../core/monitor/spec-flapping.ts'
import {
  identifierCharsMax,
  messageCharsMax,
  notifyByMax,
  optionMinutesMax,
  optionSecondsMax,
  scopeCharsMax,
  silencedMax,
  tagCharsMax,
  variablesMax,
} from './bounds.ts'
import { inhibitedBy } from './inhibit.ts'
import { prometheusRule } from './prometheus-rule.ts'
import { schedulingOptions } from './schedule.ts'
import { sourceName } from './source-name.ts'
import { isEventLike, type MonitorType } from './types.ts'

const minutes = z.int().min(0).max(optionMinutesMax)
const seconds = z.int().min(0).max(optionSecondsMax)
const dayS = 86_400

const thresholds = z.strictObject({
  critical: z.number().nullish(),
  warning: z.number().nullish(),
  critical_recovery: z.number().nullish(),
  warning_recovery: z.number().nullish(),
  /** Service checks only. */
  ok: z.number().nullish(),
  unknown: z.number().nullish(),
  /** What an older form of Datadog's page left in exports: it repeats the query, and isn't stored. */
  comparison: z.unknown().optional(),
  period: z.unknown().optional(),
  timeAggregator: z.unknown().optional(),
})

/** Between an hour and three days, as in 60m, 2h or 3d. */
const retention = z.string().refine((text) => {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  const hours = Number(count) * (unit === 'd' ? 24 : unit === 'h' ? 1 : 1 / 60)
  return hours >= 1 && hours <= 72
}, 'expected 1h to 72h, like 24h or 2d')

/** Datadog's own exports hold this one as a number or as digits in quotes. */
const renotifyInterval = z.union([
  minutes,
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(minutes),
])

const percent = z.number().min(0).max(100)
const flapping = z
  .strictObject({ low: percent.optional(), high: percent.optional() })
  .refine(({ low = lowMark, high = highMark }) => low <= high, { path: ['low'], message: 'the low mark must not lie above the high one' })

export const onMissingData = ['default', 'show_no_data', 'show_and_notify_no_data', 'resolve'] as const

export const monitorOptions = z.strictObject({
  thresholds: thresholds.nullish(),
  threshold_windows: z
    .strictObject({ trigger_window: z.string().max(64).nullish(), recovery_window: z.string().max(64).nullish() })
    .nullish(),
  notify_no_data: z.boolean().optional(),
  no_data_timeframe: minutes.nullish(),
  on_missing_data: z.enum(onMissingData).optional(),
  renotify_interval: renotifyInterval.nullish(),
  renotify_occurrences: z.int().min(0).max(10_000).nullish(),
  renotify_statuses: z
    .array(z.enum(['alert', 'warn', 'no data']))
    .max(3)
    .nullish(),
  escalation_message: z.string().max(messageCharsMax).trim().nullish(),
  evaluation_delay: z.int().min(0).max(dayS).nullish(),
  new_group_delay: seconds.nullish(),
  new_host_delay: seconds.nullish(),
  require_full_window: z.boolean().nullish(),
  timeout_h: z.int().min(0).max(24).nullish(),
  group_retention_duration: retention.nullish(),
  notify_by: z.array(z.string().min(1).max(tagCharsMax)).max(notifyByMax).nullish(),
  scheduling_options: schedulingOptions.nullish(),
  include_tags: z.boolean().optional(),
  notify_audit: z.boolean().optional(),
  notification_preset_name: z
    .enum(['show_all', 'hide_query', 'hide_handles', 'hide_all', 'hide_query_and_handles', 'show_only_snapshot', 'hide_handles_and_footer'])
    .nullish(),
  min_failure_duration: z.int().min(0).max(7_200).nullish(),
  min_location_failed: z.int().min(0).max(1_000).nullish(),
  /** Typed sub-queries; their shape is checked where they are evaluated. */
  variables: z.array(z.record(z.string(), z.unknown())).max(variablesMax).nullish(),
  /** Mutes: scope → end in epoch seconds, null = until unmuted. */
  silenced: z
    .record(z.string().min(1).max(scopeCharsMax), z.int().min(0).nullable())
    .refine((scopes) => Object.keys(scopes).length <= silencedMax, `at most ${silencedMax} scopes`)
    .optional(),
  locked: z.boolean().nullish(),
  groupby_simple_monitor: z.boolean().nullish(),
  enable_logs_sample: z.boolean().nullish(),
  device_ids: z.array(z.string().max(identifierCharsMax)).max(100).nullish(),
  synthetics_check_id: z.union([z.string().max(identifierCharsMax), z.int()]).nullish(),
  aggregation: z.record(z.string(), z.unknown()).nullish(),
  avalanche_window: z.int().min(0).max(10_000).nullish(),
  restriction_query: z.unknown().optional(),
  queryConfig: z.record(z.string(), z.unknown()).nullish(),
  /** Ours: the level must hold this long before the state changes, in seconds. */
  hold: seconds.optional(),
  /** Ours: the level must be gone this long before the group recovers, in seconds. */
  keep_firing: seconds.optional(),
  /** Ours: evaluation interval in seconds. */
  interval: z.int().min(1).max(dayS).optional(),
  /** Ours: the source that is asked, by its name. */
  datasource: sourceName.optional(),
  /** Ours: monitors that hold its notifications while they fire. */
  inhibited_by: inhibitedBy.nullish(),
  /** Ours: percent of the last 21 evaluations with a change of status. */
  flapping: flapping.nullish(),
  /** Ours: the rule of Prometheus that it is. */
  prometheus: prometheusRule.nullish(),
  on_evaluation_error: z.enum(['keep', 'show_unknown', 'alert']).optional(),
})

export type MonitorOptions = z.infer<typeof monitorOptions>

/** As stored and echoed: null thresholds dropped, the defaults that Datadog echoes filled in. */
export function withDefaults(type: MonitorType, options: MonitorOptions): MonitorOptions {
  const { thresholds: posted, ...rest } = options
  const numbers = Object.entries(posted ?? {}).filter(([, number]) => typeof number === 'number')
  return {
    ...(options.on_missing_data === undefined ? { notify_no_data: false } : {}),
    ...(isEventLike(type) ? { groupby_simple_monitor: false } : {}),
    ...(type === 'data-quality alert' ? { avalanche_window: 10 } : {}),
    include_tags: true,
    new_host_delay: 300,
    notify_audit: false,
    silenced: {},
    ...rest,
    ...(numbers.length > 0 ? { thresholds: thresholds.parse(Object.fromEntries(numbers)) } : {}),
  }
}
