/** Which downtimes hold monitors at this moment, for people to see; workers ask adapters/postgres/downtime-source.ts. Read next: core/downtime/matching.ts. */
import type { Pool } from '../../adapters/postgres/pool.ts'
import { listDowntimes, planned, type StoredDowntime } from '../../adapters/postgres/queries/downtimes.ts'
import { downtimesOf, indexed, type MonitorNamed } from '../../core/downtime/matching.ts'
import { type Occurrence, occurrenceAt } from '../../core/downtime/occurrences.ts'
import type { PlannedDowntime } from '../../core/downtime/plan.ts'
import { parseGroupKey } from '../../core/monitor/group.ts'
import { inScope } from '../../core/monitor/scope.ts'
import { presentTime } from './present.ts'
import { rules } from './rules.ts'

/** Groups named with a match: what anybody reads. */
const groupsNamedMax = 1_000

export type Match = Readonly<{ stored: StoredDowntime; planned: PlannedDowntime; occurrence: Occurrence }>

/** The downtimes that hold a monitor now, whichever its groups are. */
export async function activeDowntimes(pool: Pool, nowMs: number): Promise<(monitor: MonitorNamed) => readonly Match[]> {
  const stored = new Map((await listDowntimes(pool, nowMs)).map((downtime) => [downtime.id, downtime]))
  const index = indexed([...stored.values()].map(planned))
  return (monitor) =>
    downtimesOf(index, monitor).flatMap((downtime) => {
      const found = stored.get(downtime.id)
      const occurrence = occurrenceAt(downtime.plan, nowMs, rules.starts)
      return found === undefined || occurrence === null ? [] : [{ stored: found, planned: downtime, occurrence }]
    })
}

/** As a monitor of version 1 shows it. */
export function presentMatching({ stored, occurrence }: Match): object {
  const { startMs, endMs } = occurrence
  return { id: stored.number, scope: stored.plan.scopes, start: startMs / 1_000, end: endMs === null ? null : endMs / 1_000 }
}

/** As version 2 shows it, with the groups that it holds; null = it holds none of those that there are. */
export function presentMatch({ stored, planned: { scope }, occurrence }: Match, groups: readonly string[]): object | null {
  const held = groups.filter((group) => inScope(scope, parseGroupKey(group)))
  if (held.length === 0 && groups.length > 0) return null
  return {
    id: stored.id,
    type: 'downtime_match',
    attributes: {
      scope: stored.plan.scope,
      groups: held.filter((group) => group !== '*').slice(0, groupsNamedMax),
      start: presentTime(occurrence.startMs),
      end: presentTime(occurrence.endMs),
    },
  }
}
