/**
 * Downtimes as version 1 of the API has them: times in epoch seconds, one recurrence by period or rule, scopes as a list of which all
 * must match. Read next: downtime.ts, core/downtime/legacy.ts.
 */
import { z } from 'zod'
import { legacyUnits, legacyWeekdays } from '../core/downtime/legacy.ts'
import { downtimeYearsEndMs } from './bounds.ts'
import { message, monitorId, monitorTags, notifyEndStates, notifyEndTypes, scope } from './downtime-fields.ts'
import { rrule, timezone } from './schedule.ts'

/** Epoch seconds. */
const moment = z
  .int()
  .min(0)
  .max(downtimeYearsEndMs / 1_000 - 1)

/** Parts of a scope: what one person lists. */
const scopesMax = 100

const scopes = z.preprocess(
  (given) => (typeof given === 'string' ? [given] : given),
  z
    .array(scope, 'expected a scope such as "host:a", or a list of which all must match')
    .min(1, 'expected at least one scope, or "*"')
    .max(scopesMax),
)

const period = z
  .strictObject({
    type: z.enum(legacyUnits),
    /** As in rules. */
    period: z.int().min(1).max(1_000).default(1),
    week_days: z.array(z.enum(legacyWeekdays)).max(legacyWeekdays.length).nullable().default(null),
    until_occurrences: z.int().min(1).max(9_999).nullable().default(null),
    until_date: moment.nullable().default(null),
    rrule: z.null().optional(),
  })
  .superRefine(({ type, week_days: days, until_occurrences: count, until_date: until }, context) => {
    if (days !== null && days.length > 0 && type !== 'weeks')
      context.addIssue({ code: 'custom', path: ['week_days'], message: 'week_days needs the type weeks' })
    if (count !== null && until !== null)
      context.addIssue({ code: 'custom', message: 'until_occurrences and until_date exclude each other: use one of them' })
  })
  .transform(({ rrule: _, ...fields }) => fields)

const byRule = z
  .strictObject({
    type: z.literal('rrule'),
    rrule,
    period: z.null().optional(),
    week_days: z.null().optional(),
    until_occurrences: z.null().optional(),
    until_date: z.null().optional(),
  })
  .transform((given) => ({ type: given.type, rrule: given.rrule }))

/** Fields that we set: clients send them back with what they read. */
const echoed = z.unknown().optional()
const readOnly = {
  id: echoed,
  uuid: echoed,
  active: echoed,
  active_child: echoed,
  canceled: echoed,
  child_id: echoed,
  created: echoed,
  creator: echoed,
  creator_id: echoed,
  downtime_type: echoed,
  modified: echoed,
  org_id: echoed,
  parent_id: echoed,
  status: echoed,
  updater: echoed,
  updater_id: echoed,
}

const written = {
  monitor_id: monitorId.nullish(),
  monitor_tags: monitorTags.nullish(),
  start: moment.nullish(),
  end: moment.nullish(),
  message: message.optional(),
  recurrence: z.discriminatedUnion('type', [period, byRule]).nullish(),
  timezone: timezone.nullish(),
  disabled: z.literal(false, 'a downtime is canceled by DELETE').nullish(),
  mute_first_recovery_notification: z.boolean().nullish(),
  notify_end_states: notifyEndStates.nullish(),
  notify_end_types: notifyEndTypes.nullish(),
}

export const downtimeCreationV1 = z.strictObject({ ...readOnly, ...written, scope: scopes })
export const downtimeUpdateV1 = z.strictObject({ ...readOnly, ...written, scope: scopes.optional() })
export type DowntimeFieldsV1 = z.output<typeof downtimeUpdateV1>

export const cancelByScope = z.strictObject({ scope })
