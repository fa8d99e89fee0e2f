/** For orchestrators and people: alive, ready, and what can't be reached. Needs no key and tells nothing secret. */
import { Router } from 'express'
import type { AppDeps } from '../deps.ts'

/** A probe that waits longer is answered too late for whoever asks. */
const probeTimeoutMs = 2_000

export function healthRoutes(deps: AppDeps): Router {
  const router = Router()

  router.get('/health', (_req, res) => {
    res.json({ status: 'ok' })
  })

  // Without Temporal definitions are still taken and the reconciler catches up: that is no reason to send nobody here.
  router.get('/ready', async (_req, res) => {
    const [postgres, temporal] = await Promise.all([within(deps.pool.query('select 1')), within(deps.temporalReachable().then(assertTrue))])
    res.status(postgres ? 200 : 503).json({
      status: postgres ? 'ready' : 'not ready',
      postgres: postgres ? 'reachable' : 'unreachable',
      temporal: temporal ? 'reachable' : 'unreachable',
    })
  })

  router.get('/metrics', deps.metrics)
  return router
}

async function within(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), probeTimeoutMs)
  })
  const answered = work.then(
    () => true,
    () => false,
  )
  return Promise.race([answered, timeout]).finally(() => clearTimeout(timer))
}

function assertTrue(reachable: boolean): void {
  if (!reachable) throw new Error('unreachable')
}
