/**
 * `GET /api/v1/monitor/search` and `…/groups/search`: monitors, and groups of monitors, by Datadog's attributes, with counts.
 * Never lists more than a page. Read next: contract/monitor-search.ts, adapters/postgres/queries/monitor-search.ts.
 */
import { type Request, Router } from 'express'
import {
  countGroups,
  countMonitors,
  type FoundGroup,
  type FoundMonitor,
  type GroupCounts,
  type MonitorCounts,
  type MonitorSearch,
  searchGroups,
  searchMonitors,
} from '../../adapters/postgres/queries/monitor-search.ts'
import { parseMonitorSearch, searchParameters } from '../../contract/monitor-search.ts'
import { collectHandles } from '../../core/message/handles.ts'
import type { AppDeps } from '../deps.ts'
import { wholeMutes } from '../downtimes/whole-mutes.ts'
import { badRequest } from '../errors.ts'
import { orgId, toSeconds } from '../present.ts'
import { keptCounts } from '../search-counts.ts'
import { queryOf } from './request.ts'

export function searchRoutes({ pool, clock }: AppDeps): Router {
  const router = Router()
  const monitorCounts = keptCounts<MonitorCounts>()
  const groupCounts = keptCounts<GroupCounts>()

  router.get('/api/v1/monitor/search', async (req, res) => {
    const search = await searchOf(req)
    const rows = await searchMonitors(pool, search)
    const { total, ...facets } = await monitorCounts(countedBy(search), () => countMonitors(pool, search))
    res.json({ counts: facets, metadata: metadataOf(search, total), monitors: rows.map(presentMonitor) })
  })

  router.get('/api/v1/monitor/groups/search', async (req, res) => {
    const search = await searchOf(req)
    const rows = await searchGroups(pool, search)
    const { total, ...facets } = await groupCounts(countedBy(search), () => countGroups(pool, search))
    res.json({ counts: facets, groups: rows.map(presentGroup), metadata: metadataOf(search, total) })
  })

  return router

  async function searchOf(req: Request): Promise<MonitorSearch> {
    const { query, page, per_page: limit, sort = { field: 'id', descending: false } as const } = queryOf(req, searchParameters)
    const parsed = parseMonitorSearch(query)
    if (!parsed.ok) throw badRequest(parsed.errors)
    const nowMs = clock()
    return { search: parsed.search, mutes: await wholeMutes(pool, nowMs), nowMs, sort, offset: page * limit, limit }
  }
}

/** What the counts depend on, other than the moment: neither the page nor its order. */
function countedBy({ search, mutes }: MonitorSearch): string {
  return JSON.stringify([search, mutes])
}

function metadataOf({ offset, limit }: MonitorSearch, total: number): object {
  return { total_count: total, page_count: Math.ceil(total / limit), page: offset / limit, per_page: limit }
}

function presentMonitor(row: FoundMonitor): object {
  const series = [...row.query.matchAll(/:([A-Za-z][\w.]*)\{([^{}]*)\}/g)]
  return {
    id: row.id,
    name: row.name,
    status: row.overall_state,
    type: row.type,
    classification: row.classification,
    query: row.query,
    tags: row.tags,
    priority: row.priority,
    scopes: unique(series.map(([, , scope = '']) => scope)),
    metrics: unique(series.map(([, metric = '']) => metric)),
    notifications: collectHandles(row.message).map((handle) => ({ handle, name: handle })),
    creator: row.creator,
    muted: row.muted,
    quality_issues: [],
    last_triggered_ts: toSeconds(row.last_triggered_ms),
    org_id: orgId,
  }
}

function presentGroup(row: FoundGroup): object {
  return {
    monitor_id: row.monitor_id,
    monitor_name: row.monitor_name,
    group: row.group_key,
    group_tags: row.group_key === '*' ? [] : row.group_key.split(','),
    status: row.status,
    last_triggered_ts: toSeconds(row.last_triggered_ms),
    last_nodata_ts: toSeconds(row.no_data_ms),
  }
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
