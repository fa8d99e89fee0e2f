/**
 * What is wrong with a definition that somebody is writing, field by field and place by place, and how the engine reads it. Stores nothing,
 * and answers 200 whatever it finds. Read next: contract/problems.ts, contract/check.ts.
 */
import { Router } from 'express'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { checkBody } from '../../contract/look.ts'
import type { MonitorDefinition } from '../../contract/monitor.ts'
import { type Parsed, parseChange, parseDefinition } from '../../contract/parse.ts'
import { problemOf } from '../../contract/problems.ts'
import { compileSpec } from '../../core/monitor/spec.ts'
import { queryFacts } from '../../core/query/facts.ts'
import { parseQuery } from '../../core/query/parse.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError, notFound } from '../errors.ts'
import { checkDatasource } from '../sources.ts'
import { checkTagPolicies } from '../tag-policies.ts'
import { warningsOf } from '../warnings.ts'
import { bodyOf } from './request.ts'

export function checkRoutes(deps: AppDeps): Router {
  const router = Router()

  router.post('/api/v2/monitor/check', async (req, res) => {
    const { monitor, monitor_id: id } = bodyOf(req, checkBody)
    const parsed = await parsedOf(deps, monitor, id)
    const errors = parsed.ok ? await refusalsOf(deps, parsed.value) : parsed.errors
    const warnings = parsed.ok ? ((await warningsOf(deps, parsed.value)).warnings ?? []) : []
    res.json({
      ok: errors.length === 0,
      problems: errors.map((error) => problemOf(error, monitor)),
      warnings: warnings.map((warning) => problemOf(warning, monitor)),
      reads: readingOf(monitor),
    })
  })

  return router
}

async function parsedOf(deps: AppDeps, monitor: object, id: number | undefined): Promise<Parsed<MonitorDefinition>> {
  if (id === undefined) return parseDefinition(monitor)
  const current = await findMonitor(deps.pool, id)
  if (current === null) throw notFound('Monitor')
  return parseChange(monitor, current)
}

/** What only this installation can say. */
async function refusalsOf({ pool }: AppDeps, definition: MonitorDefinition): Promise<readonly string[]> {
  const asked = [() => checkDatasource(pool, definition), () => checkTagPolicies(pool, definition.tags)]
  const errors: string[] = []
  for (const check of asked) {
    try {
      await check()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      errors.push(...error.errors)
    }
  }
  return errors
}

/** How the engine understands the query, whatever else is unfinished; null = it doesn't. */
function readingOf({ type, query, options }: Readonly<Record<string, unknown>>): object | null {
  if (typeof type !== 'string' || typeof query !== 'string') return null
  const text = query.trim()
  if (!parseQuery(type, text).ok) return null
  const set = typeof options === 'object' && options !== null ? { ...options } : {}
  const facts = queryFacts(type, text, 'variables' in set ? set.variables : undefined)
  const spec = compileSpec(
    { monitorId: 0, version: 0, type, name: '', query: text, priority: null, tags: [], draftStatus: 'draft', options: set },
    facts,
  )
  const { critical, warning, criticalRecovery, warningRecovery } = spec.thresholds
  return {
    window_s: spec.windowMs / 1_000,
    interval_s: spec.intervalMs / 1_000,
    group_by: spec.groupBy,
    comparator: spec.comparator,
    thresholds: { critical, warning, critical_recovery: criticalRecovery, warning_recovery: warningRecovery },
    levels: facts?.thresholds !== undefined,
  }
}
