/**
 * What a definition would have done: checked as for a create, run by a worker, stored nowhere.
 * Never asks a source itself. Read next: contract/backtest.ts, adapters/temporal/backtest.ts.
 */
import { Router } from 'express'
import { checkSlots, parseBacktest } from '../../contract/backtest.ts'
import type { BacktestInput } from '../../core/backtest/plan.ts'
import { compileSpec } from '../../core/monitor/spec.ts'
import { queryFacts } from '../../core/query/facts.ts'
import { definitionOf } from '../definition-of.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError, accepted, badRequest } from '../errors.ts'

/** Backtests that this process has under way: each keeps a worker and a source busy, and monitors come first. */
const backtestsMax = 2
/** About as long as one of them takes. */
const retryAfterS = 5

export function backtestRoutes(deps: AppDeps): Router {
  const router = Router()
  let underWay = 0

  router.post('/api/v2/monitor/backtest', async (req, res) => {
    const request = accepted(parseBacktest(req.body, deps.clock()))
    const input: BacktestInput = { definition: await definitionOf(deps, request.subject), time: request.time }
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
