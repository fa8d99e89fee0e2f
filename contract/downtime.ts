/**
 * Downtimes as version 2 of the API has them: Datadog's JSON:API shapes. Fields that clients echo back are taken and change nothing.
 * Never decides what is left out: api/downtimes/plan.ts does, with a clock. Read next: downtime-fields.ts, downtime-v1.ts.
 */
import { z } from 'zod'
import { durationMsOf } from '../core/downtime/plan.ts'
import { parseStart } from '../core/schedule/rule.ts'
import { downtimeYearsEndMs, identifierCharsMax, recurrencesMax } from './bounds.ts'
import { message, monitorId, monitorTags, notifyEndStates, notifyEndTypes, scope } from './downtime-fields.ts'
import { rrule, timezone } from './schedule.ts'

/** A moment with its offset, in whole seconds; epoch ms. */
const moment = z
  .string()
  .max(identifierCharsMax)
  .transform((text, context) => {
    const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN
    if (atMs >= 0 && atMs < downtimeYearsEndMs) return Math.floor(atMs / 1_000) * 1_000
    context.addIssue({ code: 'custom', message: 'expected a time with its offset like 2026-03-29T09:00:00+00:00, from 1970 to 2199' })
    return z.NEVER
  })

const recurrence = z
  .strictObject({
    start: z
      .string()
      .refine((text) => parseStart(text) !== null, 'expected a local time like 2026-03-29T09:00; its zone is said under timezone')
      .nullish(),
    duration: z.string().refine((text) => durationMsOf(text) !== null, 'expected a duration like 30m, 2h, 1d or 1w, up to 366d'),
    rrule,
  })
  .readonly()

const schedule = z
  .strictObject({
    start: moment.nullish(),
    end: moment.nullish(),
    timezone: timezone.nullish(),
    recurrences: z.array(recurrence).min(1, 'expected at least one recurrence').max(recurrencesMax).nullish(),
    /** Read-only. */
    current_downtime: z.unknown().optional(),
  })
  .superRefine(({ start, end, recurrences }, context) => {
    if (isGiven(recurrences) && (isGiven(start) || isGiven(end)))
      context.addIssue({ code: 'custom', message: 'start and end exclude recurrences: a downtime comes once, or by rules' })
  })

const monitorIdentifier = z
  .strictObject({ monitor_id: monitorId.nullish(), monitor_tags: monitorTags.nullish() })
  .superRefine(({ monitor_id: id, monitor_tags: tags }, context) => {
    if (isGiven(id) === isGiven(tags)) context.addIssue({ code: 'custom', message: 'expected either monitor_id or monitor_tags' })
  })

const readOnly = {
  canceled: z.unknown().optional(),
  created: z.unknown().optional(),
  modified: z.unknown().optional(),
  status: z.unknown().optional(),
}

const optional = {
  display_timezone: timezone.nullish(),
  message: message.optional(),
  mute_first_recovery_notification: z.boolean().optional(),
  notify_end_states: notifyEndStates.optional(),
  notify_end_types: notifyEndTypes.optional(),
  schedule: schedule.nullish(),
}

const type = z.literal('downtime', 'expected "downtime"')
const echoed = { relationships: z.unknown().optional() }

export const downtimeCreation = z.strictObject({
  data: z.strictObject({
    ...echoed,
    type,
    attributes: z.strictObject({ ...readOnly, ...optional, monitor_identifier: monitorIdentifier, scope }),
  }),
})

export const downtimeUpdate = z.strictObject({
  data: z.strictObject({
    ...echoed,
    type,
    id: z.string().max(identifierCharsMax).optional(),
    attributes: z.strictObject({ ...readOnly, ...optional, monitor_identifier: monitorIdentifier.optional(), scope: scope.optional() }),
  }),
})

export type DowntimeAttributes = z.output<typeof downtimeUpdate>['data']['attributes']

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
