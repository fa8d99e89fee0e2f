/** `GET /api/v1/monitor`: all monitors, or a page of them, filtered as Datadog filters. */
import { Router } from 'express'
import { listGroups } from '../../adapters/postgres/queries/history.ts'
import { listMonitors, type MonitorFilter } from '../../adapters/postgres/queries/monitor-list.ts'
import type { MonitorRow } from '../../adapters/postgres/queries/monitors.ts'
import { pageSizeDefault, pageSizeWithGroupsMax, unpagedMax } from '../../contract/bounds.ts'
import { type ListParameters, listParameters } from '../../contract/pages.ts'
import type { AppDeps } from '../deps.ts'
import { activeDowntimes, presentMatching } from '../downtimes/matches.ts'
import { badRequest } from '../errors.ts'
import { presentMonitor } from '../present.ts'
import { statusesOf } from './group-states.ts'
import { queryOf } from './request.ts'

export function listRoutes(deps: AppDeps): Router {
  const router = Router()
  router.get('/api/v1/monitor', async (req, res) => {
    const parameters = queryOf(req, listParameters)
    const rows = await listMonitors(deps.pool, filterOf(parameters))
    checkSize(rows, parameters)
    const states = parameters.group_states
    const ids = rows.map((row) => row.id)
    const groups = states === undefined ? [] : await listGroups(deps.pool, ids, statusesOf(states))
    const downtimes = await activeDowntimes(deps.pool, deps.clock())
    const byMonitor = Map.groupBy(groups, (group) => group.monitor_id)
    res.json(
      rows.map((row) =>
        presentMonitor(row, {
          assets: parameters.with_assets,
          restrictedRoles: parameters.with_restricted_roles,
          matchingDowntimes: downtimes({ monitorId: row.id, tags: row.tags }).map(presentMatching),
          ...(states === undefined ? {} : { groups: byMonitor.get(row.id) ?? [] }),
        }),
      ),
    )
  })
  return router
}

function filterOf(parameters: ListParameters): MonitorFilter {
  const { page, page_size: size, id_offset: idOffset } = parameters
  const paged = page !== undefined || size !== undefined || idOffset !== undefined
  const pageSize = size ?? pageSizeDefault
  return {
    name: parameters.name ?? null,
    scopeTags: parameters.tags,
    monitorTags: parameters.monitor_tags,
    afterId: idOffset ?? 0,
    // An id offset is a way of paging of its own: `page` counts from there.
    offset: (page ?? 0) * pageSize,
    limit: paged ? pageSize : unpagedMax + 1,
  }
}

function checkSize(rows: readonly MonitorRow[], { group_states: states }: ListParameters): void {
  if (rows.length > unpagedMax) throw badRequest([`more than ${unpagedMax} monitors: ask for pages with page and page_size`])
  if (states !== undefined && rows.length > pageSizeWithGroupsMax) {
    throw badRequest([`with group_states at most ${pageSizeWithGroupsMax} monitors: ask for pages with page and page_size`])
  }
}
