/**
 * When a monitor is evaluated and where its calendar windows begin: `scheduling_options`. What is accepted here can be
 * expanded, so that no monitor is stored that would never run. Read next: core/schedule/rule.ts.
 */
import { z } from 'zod'
import { parseRule, parseStart } from '../core/schedule/rule.ts'
import { identifierCharsMax } from './bounds.ts'

/** The longest rule in public use has under 100 characters. */
const ruleCharsMax = 1_000

/** By its name: an offset such as +02:00 doesn't know when clocks are changed. */
export const timezone = z
  .string()
  .max(identifierCharsMax)
  .refine((name) => isTimezone(name), 'expected the name of a time zone like Europe/Berlin or UTC')

export const rrule = z
  .string()
  .max(ruleCharsMax)
  .superRefine((text, context) => {
    const parsed = parseRule(text)
    if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.message })
  })

const recurrence = z
  .strictObject({
    rrule,
    start: z
      .string()
      .refine((text) => parseStart(text) !== null, 'expected a local time like 2026-03-29T09:00:00; its zone is said under timezone')
      .nullish(),
    timezone: timezone.nullish(),
  })
  .refine(({ rrule: rule, start }) => !/COUNT/i.test(rule) || typeof start === 'string', {
    message: 'COUNT needs a start to count from',
    path: ['start'],
  })

export const schedulingOptions = z.strictObject({
  evaluation_window: z
    .strictObject({
      day_starts: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day like 04:00')
        .nullish(),
      hour_starts: z.int().min(0).max(59).nullish(),
      /** Days that every month has. */
      month_starts: z.int().min(1).max(28).nullish(),
      timezone: timezone.nullish(),
    })
    .nullish(),
  custom_schedule: z.strictObject({ recurrences: z.array(recurrence).max(1, 'at most one recurrence').nullish() }).nullish(),
})

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
