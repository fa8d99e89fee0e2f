/**
 * Sources of data: list, create, read, change, delete, and try one. Ours, in the style of Datadog's newer paths.
 * Never answers a secret: only the names of those that are set. Read next: ../sources.ts, contract/source.ts.
 */
import { Router } from 'express'
import { recordAudit } from '../../adapters/postgres/queries/audit.ts'
import { listSources, type SourceState, type StoredSource, statesOfSource } from '../../adapters/postgres/queries/sources.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { boxOf, changeStoredSource, createSource, existing, readable, removeSource } from '../sources.ts'

export function sourceRoutes(deps: AppDeps): Router {
  const router = Router()
  const base = '/api/v2/source'

  router.get(base, async (_req, res) => {
    res.json({ sources: (await listSources(deps.pool, boxOf(deps))).map(present) })
  })

  router.post(base, async (req, res) => {
    res.status(201).json(present(await createSource(deps, req.body, principalOf(req))))
  })

  router.get(`${base}/:name`, async (req, res) => {
    const stored = await existing(deps.pool, deps, req.params.name)
    res.json({ ...present(stored), workers: (await statesOfSource(deps.pool, stored.name)).map(presentState) })
  })

  router.patch(`${base}/:name`, async (req, res) => {
    res.json(present(await changeStoredSource(deps, req.params.name, req.body, principalOf(req))))
  })

  router.delete(`${base}/:name`, async (req, res) => {
    await removeSource(deps, req.params.name, principalOf(req))
    res.json({})
  })

  router.post(`${base}/:name/test`, async (req, res) => {
    const stored = await existing(deps.pool, deps, req.params.name)
    const source = readable(stored)
    if (deps.testSource === undefined) throw new ApiError(501, ['this API can’t reach sources'])
    const detail = { name: source.name, kind: source.kind }
    await recordAudit(deps.pool, { actor: principalOf(req).name, action: 'source.tested', monitorId: null, detail })
    res.json(await deps.testSource(source))
  })

  return router
}

function present(stored: StoredSource) {
  return {
    name: stored.name,
    kind: stored.kind,
    default: stored.isDefault,
    config: stored.config,
    /** Which are set. */
    secrets: stored.secretNames,
    task_queue: stored.taskQueue,
    managed_by: stored.managedBy,
    version: stored.version,
    created: stored.created.toISOString(),
    modified: stored.modified.toISOString(),
    ...(stored.unreadable === null ? {} : { error: stored.unreadable }),
  }
}

function presentState({ worker, state, updated }: SourceState) {
  return { worker, ...state, updated: updated.toISOString() }
}
