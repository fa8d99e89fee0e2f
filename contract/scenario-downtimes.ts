/**
 * The downtimes of a scenario: when notifications are held, for which groups, and who hears of it when they end.
 * Read next: scenario.ts, core/query/scope.ts.
 */
import { z } from 'zod'
import type { Status } from '../core/monitor/spec-types.ts'
import { parseScope } from '../core/query/scope.ts'
import type { Moment, ScenarioDowntime } from '../core/scenario/types.ts'
import { scopeCharsMax } from './bounds.ts'
import { moment } from './scenario-moment.ts'

/** As Datadog writes the states with which a downtime may end. */
const endStates = { alert: 'Alert', warn: 'Warn', 'no data': 'No Data' } as const satisfies Readonly<Record<string, Status>>

const scope = z
  .string('expected a scope such as *, host:a or env:(dev OR test) AND NOT host:b')
  .max(scopeCharsMax)
  .transform((text, context) => {
    const parsed = parseScope(text)
    if (parsed.ok) return parsed.scope
    context.addIssue({ code: 'custom', message: parsed.error.message })
    return z.NEVER
  })

export const downtimeShape = z.strictObject({
  scope,
  from: moment,
  until: moment.nullish(),
  notify_end_states: z
    .array(z.enum(['alert', 'warn', 'no data']))
    .max(3)
    .default(['alert', 'warn', 'no data']),
  notify_end_types: z
    .array(z.enum(['expired', 'canceled']))
    .max(2)
    .default(['expired']),
  mute_first_recovery_notification: z.boolean().default(false),
  /** Somebody cancels it halfway between this slot and the next. */
  canceled_after: z.int().min(0).optional(),
})

type Report = (place: readonly (string | number)[], message: string) => void

/** `slots`: how many there are. */
export function readDowntimes(texts: readonly z.output<typeof downtimeShape>[], slots: number, report: Report): ScenarioDowntime[] {
  return texts.map((text, index) => {
    const place = ['downtimes', index] as const
    const until = text.until ?? null
    if (until !== null && !isAfter(until, text.from)) report([...place, 'until'], 'a downtime ends after it begins')
    if (text.from.kind === 'slot' && text.from.slot >= slots) report([...place, 'from'], lastSlot(slots))
    const canceledAfter = text.canceled_after ?? null
    if (canceledAfter !== null && canceledAfter >= slots) report([...place, 'canceled_after'], lastSlot(slots))
    return {
      id: `downtime-${index + 1}`,
      scope: text.scope,
      from: text.from,
      until,
      notifyEndStates: text.notify_end_states.map((name) => endStates[name]),
      notifyEndTypes: text.notify_end_types,
      muteFirstRecovery: text.mute_first_recovery_notification,
      canceledAfter,
    }
  })
}

const lastSlot = (slots: number): string => `there are only ${slots} slots, 0 to ${slots - 1}`

/** A slot and a time can't be compared before the scenario is planned. */
function isAfter(until: Moment, from: Moment): boolean {
  if (until.kind === 'slot' && from.kind === 'slot') return until.slot > from.slot
  return until.kind === 'slot' || from.kind === 'slot' || until.atMs > from.atMs
}
