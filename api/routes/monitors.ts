/**
 * Datadog's monitor routes: create, read, update, delete, validate; and ours for monitors kept in files.
 * Never talks to Temporal itself: definitions.ts does. Read next: list.ts, actions.ts, history.ts.
 */
import { type Request, Router } from 'express'
import { listGroups } from '../../adapters/postgres/queries/history.ts'
import { findMonitor, listExternalKeys, type MonitorRow } from '../../adapters/postgres/queries/monitors.ts'
import { deleteParameters } from '../../contract/bulk.ts'
import type { MonitorDefinition } from '../../contract/monitor.ts'
import { applyParameters, externalKey, type MonitorParameters, monitorParameters } from '../../contract/pages.ts'
import { parse, parseChange, parseDefinition } from '../../contract/parse.ts'
import { applyMonitor, changeMonitor, createMonitor, deleteMonitor } from '../definitions.ts'
import type { AppDeps } from '../deps.ts'
import { activeDowntimes, presentMatching } from '../downtimes/matches.ts'
import { silencedByDowntimes, withoutShown } from '../downtimes/silenced.ts'
import { accepted, badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { presentMonitor } from '../present.ts'
import { checkDatasource } from '../sources.ts'
import { checkTagPolicies } from '../tag-policies.ts'
import { warningsOf } from '../warnings.ts'
import { statusesOf } from './group-states.ts'
import { monitorIdOf, queryOf } from './request.ts'

/** As recorded: answers to writes hold these, reads don't. */
const written = { assets: true, assetOwners: true, restrictionPolicy: true } as const

export function monitorRoutes(deps: AppDeps): Router {
  const router = Router()

  router.post('/api/v1/monitor', async (req, res) => {
    const row = await createMonitor(deps, accepted(parseDefinition(req.body)), principalOf(req))
    res.json({ ...presentMonitor(row, written), ...(await warningsOf(deps, row)) })
  })

  router.post('/api/v1/monitor/validate', async (req, res) => {
    const definition = accepted(parseDefinition(req.body))
    await checkDatasource(deps.pool, definition)
    await checkTagPolicies(deps.pool, definition.tags)
    res.json(await warningsOf(deps, definition))
  })

  router.post('/api/v1/monitor/:id/validate', async (req, res) => {
    const current = await existing(deps, req)
    const definition = accepted(parseChange(req.body, current))
    await checkTagPolicies(deps.pool, definition.tags)
    res.json(await warningsOf(deps, definition))
  })

  router.get('/api/v1/monitor/:id', async (req, res) => {
    const parameters = queryOf(req, monitorParameters)
    res.json(await present(deps, await existing(deps, req), parameters))
  })

  router.put('/api/v1/monitor/:id', async (req, res) => {
    const id = monitorIdOf(req)
    const shown = await silencedByDowntimes(deps.pool, id, deps.clock())
    const changed = (current: MonitorDefinition): MonitorDefinition =>
      accepted(parseChange(withoutShown(req.body, shown, current.options.silenced ?? {}), current))
    const row = await changeMonitor(deps, id, changed, principalOf(req))
    res.json({ ...presentMonitor(row, { ...written, creator: false }), ...(await warningsOf(deps, row)) })
  })

  router.delete('/api/v1/monitor/:id', async (req, res) => {
    const id = monitorIdOf(req)
    await deleteMonitor(deps, id, principalOf(req), queryOf(req, deleteParameters).force)
    res.json({ deleted_monitor_id: id })
  })

  router.get('/api/v2/monitor/by-key', async (_req, res) => {
    res.json({ monitors: (await listExternalKeys(deps.pool)).map(({ id, external_key: key }) => ({ id, key })) })
  })

  router.put('/api/v2/monitor/by-key/*key', async (req, res) => {
    const { adopt } = queryOf(req, applyParameters)
    const row = await applyMonitor(
      deps,
      { key: keyOf(req), adopted: adopt ?? null },
      (current) => applied(req.body, current),
      principalOf(req),
    )
    res.json({ ...presentMonitor(row, written), ...(await warningsOf(deps, row)) })
  })

  return router
}

/** A file says all there is to say: what it leaves out goes back to its default. Only the type stays. */
function applied(body: unknown, current: MonitorDefinition | null): MonitorDefinition {
  const definition = accepted(parseDefinition(body))
  return current === null ? definition : accepted(parseChange(definition, current))
}

function keyOf(req: Request): string {
  const parts: unknown = req.params.key
  const parsed = parse(externalKey, Array.isArray(parts) ? parts.join('/') : parts)
  if (!parsed.ok) throw badRequest(parsed.errors.map((error) => error.replace(/^body/, 'key')))
  return parsed.value
}

async function present(deps: AppDeps, row: MonitorRow, parameters: MonitorParameters): Promise<object> {
  const states = parameters.group_states
  return presentMonitor(row, {
    assets: parameters.with_assets,
    restrictedRoles: parameters.with_restricted_roles,
    silenced: await silencedByDowntimes(deps.pool, row.id, deps.clock()),
    ...(parameters.with_downtimes ? { matchingDowntimes: await matching(deps, row) } : {}),
    ...(states === undefined ? {} : { groups: await listGroups(deps.pool, [row.id], statusesOf(states)) }),
  })
}

async function matching({ pool, clock }: AppDeps, { id, tags }: MonitorRow): Promise<readonly object[]> {
  const downtimes = await activeDowntimes(pool, clock())
  return downtimes({ monitorId: id, tags }).map(presentMatching)
}

async function existing(deps: AppDeps, req: Request): Promise<MonitorRow> {
  const row = await findMonitor(deps.pool, monitorIdOf(req))
  if (row === null) throw notFound('Monitor')
  return row
}
