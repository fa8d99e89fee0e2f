/** How the engine itself is: who works, how late it is, what is broken. From PostgreSQL, so also while Temporal is away. */
import { Router } from 'express'
import { findTroubles, listWorkers, shardsServed, type WorkerPulse } from '../../adapters/postgres/queries/engine.ts'
import { findPunctuality, listOverdue } from '../../adapters/postgres/queries/progress.ts'
import { findFailing } from '../../adapters/postgres/queries/status.ts'
import { isPunctual } from '../../core/punctual.ts'
import type { AppDeps } from '../deps.ts'

/** Overdue and failing monitors that are named; how many there are is said in any case. */
const namedMax = 50

export function engineRoutes(deps: Pick<AppDeps, 'pool' | 'clock' | 'cells'>): Router {
  const router = Router()
  router.get('/api/v2/engine/status', async (_req, res) => {
    const now = deps.clock()
    const [punctuality, overdue, workers, troubles, failing] = await Promise.all([
      findPunctuality(deps.pool, now),
      listOverdue(deps.pool, now, namedMax),
      listWorkers(deps.pool),
      findTroubles(deps.pool),
      findFailing(deps.pool, namedMax),
    ])
    const punctual = isPunctual({ ...punctuality, workers: workers.length })
    res.json({
      on_time: punctual.onTime,
      reason: punctual.onTime ? null : punctual.reason,
      monitors: {
        live: punctuality.live,
        overdue: punctuality.overdue,
        stretched: punctuality.stretched,
        unapplied: troubles.unapplied,
        failing: failing.count,
      },
      schedule_lag_ms: { p50: roundedOf(punctuality.lagP50), p99: roundedOf(punctuality.lagP99) },
      evaluations_per_second: workers.reduce((sum, { evaluationsPerSecond }) => sum + evaluationsPerSecond, 0),
      stretch_level: Math.max(0, ...workers.map(({ stretchLevel }) => stretchLevel)),
      workers: workers.map(presentWorker),
      shards: (deps.cells?.all ?? []).flatMap((cell) => shardsOf(workers, cell)),
      overdue_monitors: overdue.map(({ monitorId: id, name, priority, overdueMs }) => ({ id, name, priority, overdue_ms: overdueMs })),
      failing_monitors: failing.first,
      dead_letters: troubles.deadLetters,
      breakers_open: { receivers: troubles.receiversHeld, sources: troubles.sourcesHeld },
      deadman_told_at: troubles.deadmanAt?.toISOString() ?? null,
    })
  })
  return router
}

function presentWorker(pulse: WorkerPulse): object {
  const { worker: name, startedAt, shards, stretchLevel, evaluationsPerSecond, lagP50, lagP99, lagP1P99 } = pulse
  return {
    name,
    started_at: startedAt.toISOString(),
    shards,
    evaluations_per_second: evaluationsPerSecond,
    schedule_lag_ms: { p50: lagP50, p99: lagP99, p1_p99: lagP1P99 },
    stretch_level: stretchLevel,
  }
}

/** A shard that nobody serves is in the list, with nobody. */
function shardsOf(workers: readonly WorkerPulse[], { name: cell, shards }: Readonly<{ name: string; shards: number }>): object[] {
  return Array.from({ length: shards }, (_, shard) => ({
    cell,
    shard,
    served_by: workers.filter((worker) => shardsServed(worker, cell).includes(shard)).map(({ worker }) => worker),
  }))
}

const roundedOf = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))
