/**
 * What clients push, in Datadog's shapes: points, runs of service checks, events, logs. An API key is enough (app.ts).
 * 202 once all of a body is stored; 400 and nothing stored when any of it can't be. Read next: contract/series.ts, logs.ts.
 */
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { ingestChecks } from '../../adapters/postgres/queries/checks.ts'
import { ingestEntries } from '../../adapters/postgres/queries/entries.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import { parseChecks } from '../../contract/checks.ts'
import { type EventV1, parseEventV1, parseEventV2 } from '../../contract/events.ts'
import { parseLogs } from '../../contract/logs.ts'
import { parseSeries } from '../../contract/series.ts'
import { parseSeriesV1 } from '../../contract/series-v1.ts'
import { defaultIntakeDays } from '../../core/intake-days.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest } from '../errors.ts'

type Take = (req: Request, res: Response) => Promise<void>

/** Where pushes are taken, for the middleware that comes before. */
export const intakePaths = [
  '/api/v1/series',
  '/api/v2/series',
  '/api/v1/check_run',
  '/api/v1/events',
  '/api/v2/events',
  '/api/v2/logs',
  '/v1/input',
]

export function intakeRoutes(deps: Pick<AppDeps, 'pool' | 'clock' | 'intakeDays'>): RequestHandler {
  const { pool, clock } = deps
  const kept = deps.intakeDays ?? defaultIntakeDays
  const routes: Readonly<Record<string, Take>> = {
    '/api/v1/series': async (req, res) => {
      const { series } = wellFormed(parseSeriesV1(req.body, clock(), kept.metrics))
      await ingestSeries(pool, series)
      res.status(202).json({ status: 'ok' })
    },
    '/api/v2/series': async (req, res) => {
      const { series } = wellFormed(parseSeries(req.body, clock(), kept.metrics))
      await ingestSeries(pool, series)
      res.status(202).json({ errors: [] })
    },
    '/api/v1/check_run': async (req, res) => {
      const { runs } = wellFormed(parseChecks(req.body, clock(), kept.checks))
      await ingestChecks(pool, runs)
      res.status(202).json({ status: 'ok' })
    },
    '/api/v1/events': async (req, res) => {
      const { entry, posted } = wellFormed(parseEventV1(req.body, clock(), kept.events))
      const [digest = ''] = await ingestEntries(pool, 'events', [entry])
      res.status(202).json({ status: 'ok', event: eventOf(posted, digest, entry.atMs) })
    },
    '/api/v2/events': async (req, res) => {
      const { entry } = wellFormed(parseEventV2(req.body, clock(), kept.events))
      const [digest = ''] = await ingestEntries(pool, 'events', [entry])
      const evt = { id: String(idOf(digest)), uid: digest }
      res.status(202).json({ data: { type: 'event', attributes: { attributes: { evt } } } })
    },
    '/api/v2/logs': async (req, res) => {
      const { entries } = wellFormed(parseLogs(req.body, clock(), kept.logs, sharedOf(req)))
      await ingestEntries(pool, 'logs', entries)
      res.status(202).json({})
    },
    '/v1/input': async (req, res) => {
      const { entries } = wellFormed(parseLogs(req.body, clock(), kept.logs, sharedOf(req)))
      await ingestEntries(pool, 'logs', entries)
      res.status(200).json({})
    },
  }
  const router = Router()
  for (const [path, take] of Object.entries(routes)) router.post(path, take)
  return router
}

type Parsed<Value> = (Value & Readonly<{ ok: true }>) | Readonly<{ ok: false; errors: readonly string[] }>

function wellFormed<Value>(parsed: Parsed<Value>): Value & Readonly<{ ok: true }> {
  if (!parsed.ok) throw badRequest(parsed.errors)
  return parsed
}

/** What the address may say of all log entries of a body. */
function sharedOf({ query }: Request): Record<string, string> {
  const shared: Record<string, string> = {}
  for (const name of ['ddtags', 'ddsource', 'service', 'hostname']) {
    const value = query[name]
    if (typeof value === 'string') shared[name] = value
  }
  return shared
}

/** As Datadog echoes an event. */
function eventOf(posted: EventV1, digest: string, atMs: number): Readonly<Record<string, unknown>> {
  return {
    id: idOf(digest),
    id_str: String(idOf(digest)),
    title: posted.title,
    text: posted.text,
    date_happened: Math.floor(atMs / 1_000),
    handle: null,
    priority: posted.priority ?? 'normal',
    related_event_id: posted.related_event_id ?? null,
    tags: posted.tags ?? [],
    host: posted.host ?? null,
    alert_type: posted.alert_type ?? 'info',
  }
}

/** An integer that every client can hold: 52 bits of the digest. */
function idOf(digest: string): number {
  return Number.parseInt(digest.slice(0, 13), 16)
}
