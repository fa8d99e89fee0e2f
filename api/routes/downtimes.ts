/**
 * Datadog's downtime routes of version 2: list, create, read, change, cancel; and which of them hold a monitor.
 * Never decides what is held: core/monitor/downtimes.ts does. Read next: downtimes-v1.ts, ../downtimes/change.ts.
 */
import { type Request, Router } from 'express'
import { findDowntime, listDowntimes, monitorNames, type StoredDowntime } from '../../adapters/postgres/queries/downtimes.ts'
import { listGroups } from '../../adapters/postgres/queries/history.ts'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { downtimeCreation, downtimeUpdate } from '../../contract/downtime.ts'
import { type DowntimePage, downtimeInclude, downtimeListParameters, downtimePage } from '../../contract/pages.ts'
import { statusAt } from '../../core/downtime/occurrences.ts'
import type { AppDeps } from '../deps.ts'
import { cancelDowntime, changeDowntime, createDowntime } from '../downtimes/change.ts'
import { activeDowntimes, presentMatch } from '../downtimes/matches.ts'
import { blankPlan, changedPlan } from '../downtimes/plan.ts'
import { includedCreators, presentDowntime } from '../downtimes/present.ts'
import { rules } from '../downtimes/rules.ts'
import { badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { bodyOf, monitorIdOf, queryOf, uuidOf } from './request.ts'

/** What is over is listed for as long; by its id it can always be read. As Datadog's. */
export const listedMs = 2 * 86_400_000

export function downtimeRoutes(deps: AppDeps): Router {
  const { pool, clock } = deps
  const router = Router()

  router.get('/api/v2/downtime', async (req, res) => {
    const parameters = queryOf(req, downtimeListParameters)
    const nowMs = clock()
    const listed = (await listDowntimes(pool, nowMs - listedMs)).filter(
      ({ plan, canceledMs }) => !parameters.current_only || statusAt(plan, canceledMs, nowMs, rules) === 'active',
    )
    const page = pageOf(listed, parameters)
    res.json({
      data: page.map((downtime) => presentDowntime(downtime, nowMs)),
      ...(await included(deps, page, parameters.include)),
      meta: { page: { total_filtered_count: listed.length } },
    })
  })

  router.post('/api/v2/downtime', async (req, res) => {
    const { attributes } = bodyOf(req, downtimeCreation).data
    const nowMs = clock()
    const created = await createDowntime(deps, changedPlan(blankPlan(nowMs), attributes, nowMs), principalOf(req))
    res.json({ data: presentDowntime(created, nowMs) })
  })

  router.get('/api/v2/downtime/:id', async (req, res) => {
    const { include } = queryOf(req, downtimeInclude)
    const found = await findDowntime(pool, { id: downtimeIdOf(req) })
    if (found === null) throw notFound('Downtime')
    res.json({ data: presentDowntime(found, clock()), ...(await included(deps, [found], include)) })
  })

  router.patch('/api/v2/downtime/:id', async (req, res) => {
    const id = downtimeIdOf(req)
    const { data } = bodyOf(req, downtimeUpdate)
    // Some clients send an empty one: the path counts.
    if (data.id !== undefined && data.id !== '' && data.id.toLowerCase() !== id) throw badRequest(['data.id: expected the id in the path'])
    const changed = await changeDowntime(deps, { id }, (plan, nowMs) => changedPlan(plan, data.attributes, nowMs), principalOf(req))
    res.json({ data: presentDowntime(changed, clock()) })
  })

  router.delete('/api/v2/downtime/:id', async (req, res) => {
    await cancelDowntime(deps, { id: downtimeIdOf(req) }, principalOf(req))
    res.status(204).end()
  })

  router.get('/api/v2/monitor/:id/downtime_matches', async (req, res) => {
    const parameters = queryOf(req, downtimePage)
    const monitor = await findMonitor(pool, monitorIdOf(req))
    if (monitor === null) throw notFound('Monitor')
    const groups = (await listGroups(pool, [monitor.id], null)).map((group) => group.group_key)
    const active = await activeDowntimes(pool, clock())
    const matches = active({ monitorId: monitor.id, tags: monitor.tags }).flatMap((match) => presentMatch(match, groups) ?? [])
    res.json({ data: pageOf(matches, parameters), meta: { page: { total_filtered_count: matches.length } } })
  })

  return router
}

function pageOf<Item>(items: readonly Item[], { 'page[offset]': offset, 'page[limit]': limit }: DowntimePage): readonly Item[] {
  return items.slice(offset, offset + limit)
}

const downtimeIdOf = (req: Request): string => uuidOf(req, 'Downtime')

async function included({ pool }: AppDeps, downtimes: readonly StoredDowntime[], include: readonly string[]): Promise<object> {
  if (include.length === 0) return {}
  const users = include.includes('created_by') ? includedCreators(downtimes) : []
  const ids = downtimes.flatMap(({ plan }) => plan.monitorId ?? [])
  const monitors = include.includes('monitor') ? await monitorNames(pool, ids) : []
  return {
    included: [...users, ...monitors.map(({ id, name }) => ({ id, type: 'monitors', attributes: { name } }))],
  }
}
