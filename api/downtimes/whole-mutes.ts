import type { Pool } from '../../adapters/postgres/pool.ts'
import { listDowntimes, planned } from '../../adapters/postgres/queries/downtimes.ts'
import type { WholeMutes } from '../../adapters/postgres/queries/monitor-search.ts'
import { occurrenceAt } from '../../core/downtime/occurrences.ts'
import { rules } from './rules.ts'

/** The downtimes that hold all groups of monitors at this moment: what a search calls muted. */
export async function wholeMutes(pool: Pool, nowMs: number): Promise<WholeMutes> {
  const all = (await listDowntimes(pool, nowMs)).map(planned)
  const whole = all.filter(({ plan, scope }) => scope.kind === 'all' && occurrenceAt(plan, nowMs, rules.starts) !== null)
  return {
    monitorIds: whole.flatMap(({ plan }) => (plan.monitorId === null ? [] : [plan.monitorId])),
    tagSets: whole.flatMap(({ plan }) =>
      plan.monitorId === null ? [plan.monitorTags.filter((tag) => tag !== '*').map((tag) => tag.toLowerCase())] : [],
    ),
  }
}
