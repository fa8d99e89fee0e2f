/**
 * What a source says to people who look: a query drawn over a time, and words that complete one. Asked by a worker, stored nowhere.
 * Never asks a source itself. Read next: contract/look.ts, activities/look.ts.
 */
import { type Response, Router } from 'express'
import { completionParameters, type DrawRequest, drawable, parseDraw } from '../../contract/look.ts'
import type { LookAnswer, LookAsk } from '../../core/look/ask.ts'
import type { Drawing, DrawingQuestion } from '../../core/look/drawing.ts'
import { definitionOf } from '../definition-of.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError, accepted, badRequest, unavailable } from '../errors.ts'
import { queryOf } from './request.ts'

/** Questions that this process has under way: a few people who type. Monitors come first. */
const looksMax = 8
const retryAfterS = 1

export function lookRoutes(deps: AppDeps): Router {
  const router = Router()
  let underWay = 0
  const look = async (ask: LookAsk, res: Response): Promise<LookAnswer> => {
    if (underWay >= looksMax)
      throw new ApiError(429, [`${looksMax} questions to sources are under way already: ask again`], { retryAfterS })
    // Who types on wants no answer any more.
    const gone = new AbortController()
    res.once('close', () => gone.abort())
    underWay += 1
    try {
      return await deps.control.look(ask, gone.signal)
    } finally {
      underWay -= 1
    }
  }

  router.post('/api/v2/monitor/draw', async (req, res) => {
    const startedAt = performance.now()
    const request = accepted(parseDraw(req.body, deps.clock()))
    const answer = await look({ kind: 'draw', question: await questionOf(deps, request) }, res)
    if (answer.kind !== 'drawn') throw refusal(answer)
    res.json(presentDrawing(request, answer.drawing, performance.now() - startedAt))
  })

  router.get('/api/v2/completion', async (req, res) => {
    const { type, of, name, key, text, datasource, limit } = queryOf(req, completionParameters)
    const words = { of, name: name ?? null, key: key ?? null, text, limit }
    const answer = await look({ kind: 'complete', question: { type, tags: [], datasource: datasource ?? null, words } }, res)
    if (answer.kind !== 'completed') throw refusal(answer)
    res.json(answer.completion)
  })

  return router
}

async function questionOf(deps: AppDeps, { subject, fromMs, toMs, points, groups }: DrawRequest): Promise<DrawingQuestion> {
  const drawn = subject.kind === 'definition' ? { ...subject, body: drawable(subject.body) } : subject
  const { message: _, ...definition } = await definitionOf(deps, drawn)
  return { definition, fromMs, toMs, points, groups }
}

function refusal(answer: LookAnswer): ApiError {
  if (answer.kind !== 'refused') return unavailable('the workers answered something else: they run another version')
  return answer.why === 'bad' ? badRequest([answer.reason]) : unavailable(`the source gave no answer: ${answer.reason}`)
}

function presentDrawing({ fromMs, toMs }: DrawRequest, drawing: Drawing, tookMs: number): object {
  const { critical, warning, criticalRecovery, warningRecovery } = drawing.thresholds
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    start: drawing.startMs,
    step_s: drawing.stepMs / 1_000,
    points: drawing.points,
    groups: drawing.groups,
    groups_left_out: drawing.groupsLeftOut,
    comparator: drawing.comparator,
    thresholds: { critical, warning, critical_recovery: criticalRecovery, warning_recovery: warningRecovery },
    values: drawing.levels ? 'levels' : 'numbers',
    unit: drawing.unit,
    source: drawing.source,
    notes: drawing.notes,
    took_ms: Math.round(tookMs),
  }
}
