/** POST /api/v2/series: points from Datadog's agent, clients and our sampler. Needs an API key only (app.ts). */
import { Router } from 'express'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import { parseSeries } from '../../contract/series.ts'
import { badRequest } from '../errors.ts'

/** 202 `{"errors":[]}` once all points are stored; 400 and nothing stored when any of them can't be. */
export function seriesRoutes(deps: Readonly<{ pool: Pool; clock: () => number }>): Router {
  const router = Router()
  router.post('/api/v2/series', async (req, res) => {
    const parsed = parseSeries(req.body, deps.clock())
    if (!parsed.ok) throw badRequest(parsed.errors)
    await ingestSeries(deps.pool, parsed.series)
    res.status(202).json({ errors: [] })
  })
  return router
}
