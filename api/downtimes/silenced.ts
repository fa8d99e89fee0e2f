/**
 * A downtime of one monitor as Datadog shows it: also as a mute among the monitor's options. Never stored there: whoever sends a monitor back
 * as it was read doesn't mute it for good. Read next: api/routes/monitors.ts.
 */

import type { Queryable } from '../../adapters/postgres/pool.ts'
import { downtimesOfMonitor } from '../../adapters/postgres/queries/downtimes.ts'
import { currentOccurrence } from '../../core/downtime/occurrences.ts'
import { rules } from './rules.ts'

/** Scope → its end in epoch seconds, null = until canceled. */
export type Silenced = Readonly<Record<string, number | null>>

/** Those that hold now, or next. */
export async function silencedByDowntimes(db: Queryable, monitorId: number, nowMs: number): Promise<Silenced> {
  const downtimes = await downtimesOfMonitor(db, monitorId, nowMs)
  const shown = downtimes.flatMap(({ plan }): [string, number | null][] => {
    const occurrence = plan.recurrences.length === 0 ? plan : currentOccurrence(plan, nowMs, rules.times)
    return occurrence === null ? [] : [[plan.scopes.join(','), occurrence.endMs === null ? null : Math.floor(occurrence.endMs / 1_000)]]
  })
  return Object.fromEntries(shown)
}

/** A body as it was sent, without the mutes that we showed and that are none of the definition's. */
export function withoutShown(body: unknown, shown: Silenced, stored: Silenced): unknown {
  if (!isRecord(body) || !isRecord(body.options) || !isRecord(body.options.silenced)) return body
  const kept = Object.entries(body.options.silenced).filter(
    ([scope, end]) => !Object.hasOwn(shown, scope) || shown[scope] !== end || Object.hasOwn(stored, scope),
  )
  return { ...body, options: { ...body.options, silenced: Object.fromEntries(kept) } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
