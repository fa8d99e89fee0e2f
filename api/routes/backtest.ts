/**
 * What a definition would have done: checked as for a create, run by a worker, stored nowhere.
 * Never asks a source itself. Read next: contract/backtest.ts, adapters/temporal/backtest.ts.
 */
import { Router } from 'express'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { type BacktestRequest, checkSlots, parseBacktest } from '../../contract/backtest.ts'
import type { MonitorDefinition } from '../../contract/monitor.ts'
import { parseDefinition } from '../../contract/parse.ts'
import type { BacktestInput } from '../../core/backtest/plan.ts'
import { compileSpec } from '../../core/monitor/spec.ts'
import { queryFacts } from '../../core/query/facts.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError, accepted, badRequest, notFound } from '../errors.ts'

/** Backtests that this process has under way: each keeps a worker and a source busy, and monitors come first. */
const backtestsMax = 2
/** About as long as one of them takes. */
const retryAfterS = 5

export function backtestRoutes(deps: AppDeps): Router {
  const router = Router()
  let underWay = 0

  router.post('/api/v2/monitor/backtest', async (req, res) => {
    const request = accepted(parseBacktest(req.body, deps.clock()))
    const input: BacktestInput = { definition: await definitionOf(deps, request), time: request.time }
    const { definition } = input
    const errors = checkSlots(
      compileSpec(definition, queryFacts(definition.type, definition.query, definition.options.variables)),
      request.time,
    )
    if (errors.length > 0) throw badRequest(errors)
    if (underWay >= backtestsMax) {
      throw new ApiError(429, [`${backtestsMax} backtests are under way already: try again when one is done`], { retryAfterS })
    }
    // A client that hangs up wants no answer any more.
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    underWay += 1
    try {
      res.json(await deps.control.backtest(input, gone.signal))
    } finally {
      underWay -= 1
    }
  })

  return router
}

async function definitionOf(deps: AppDeps, { subject }: BacktestRequest): Promise<BacktestInput['definition']> {
  if (subject.kind === 'stored') {
    const row = await findMonitor(deps.pool, subject.id)
    if (row === null) throw notFound('Monitor')
    return compiled(row, row.id, row.version)
  }
  const parsed = parseDefinition(subject.body)
  if (!parsed.ok) throw badRequest(parsed.errors.map((error) => `monitor: ${error}`))
  // A definition that was read from here keeps its id, and with it the times of its slots.
  const { id } = subject.body
  return compiled(parsed.value, typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : 0, 0)
}

function compiled(definition: MonitorDefinition, monitorId: number, version: number): BacktestInput['definition'] {
  const { type, name, query, message, priority, tags, draft_status: draftStatus, options } = definition
  return { monitorId, version, type, name, query, message, priority, tags, draftStatus, options }
}
