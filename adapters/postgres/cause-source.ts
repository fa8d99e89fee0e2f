/**
 * What fires elsewhere, as of a slot: what is committed by now, with the changes after the slot undone. Which monitors wait in a circle is
 * known from a list that is read again every few seconds. Asked only for monitors that have `inhibited_by`.
 * Read next: queries/causes.ts, core/monitor/cause-cycles.ts.
 */
import type { CauseSource } from '../../activities/ports.ts'
import { SourceError } from '../../activities/ports.ts'
import { type Inhibited, waitingFor } from '../../core/monitor/cause-cycles.ts'
import type { FiringGroup } from '../../core/monitor/causes.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import type { Pool } from './pool.ts'
import { type CauseMonitor, changesSince, inhibitedMonitors, monitorsNamed, statusesNow } from './queries/causes.ts'

/** A rule that is written counts that much later in a circle at the most; where both name ids there is none. */
const freshMs = 3_000

type Options = Readonly<{ pool: Pool; clock: () => number }>

export function causeSource({ pool, clock }: Options): CauseSource {
  const inhibited = remembered(() => inhibitedMonitors(pool), clock)
  return {
    firing: async (monitor, slots) => {
      const rules = monitor.inhibitedBy ?? []
      const [first] = slots
      if (rules.length === 0 || first === undefined) return slots.map(() => [])
      try {
        const waiting = waitingFor(monitor, await inhibited())
        const named = (await monitorsNamed(pool, monitor.monitorId, rules)).filter(({ id }) => !waiting.has(id))
        if (named.length === 0) return slots.map(() => [])
        return await firingAt(pool, named, [...new Set(rules.flatMap(({ statuses }) => statuses))], slots)
      } catch (error) {
        throw new SourceError('unreachable', `PostgreSQL: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    },
  }
}

/** Of each group the first change after a slot says how it was at it; without one it is as it is now. */
async function firingAt(
  pool: Pool,
  monitors: readonly CauseMonitor[],
  statuses: readonly Status[],
  slots: readonly number[],
): Promise<FiringGroup[][]> {
  const ids = monitors.map(({ id }) => id)
  const tags = new Map(monitors.map((monitor) => [monitor.id, monitor.tags]))
  // In this order: a change in between is undone rather than missed.
  const now = await statusesNow(pool, ids, statuses)
  const changes = await changesSince(pool, ids, Math.min(...slots))
  return slots.map((slot) => {
    const groups = new Map(now.map((row) => [`${row.id} ${row.group}`, row]))
    const undone = new Set<string>()
    for (const { id, group, from, slot: changedAt } of changes) {
      const key = `${id} ${group}`
      if (changedAt <= slot || undone.has(key)) continue
      undone.add(key)
      groups.set(key, { id, group, status: from })
    }
    return [...groups.values()]
      .filter(({ status }) => statuses.includes(status))
      .map(({ id, group, status }) => ({ monitorId: id, tags: tags.get(id) ?? [], group, status }))
  })
}

/** One question for all who ask within a while. */
function remembered(load: () => Promise<readonly Inhibited[]>, clock: () => number): () => Promise<readonly Inhibited[]> {
  let loading: Promise<readonly Inhibited[]> | null = null
  let loadedAt = Number.NEGATIVE_INFINITY
  return () => {
    const at = clock()
    if (loading !== null && at >= loadedAt && at - loadedAt < freshMs) return loading
    loadedAt = at
    loading = load().catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }
}
