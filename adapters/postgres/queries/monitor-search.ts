/**
 * The two searches: monitors, and groups of monitors, with how many there are of each kind. Never decides what a word of a search means:
 * monitor-search-sql.ts does. Read next: api/routes/search.ts.
 */
import type { SearchSort } from '../../../contract/monitor-search.ts'
import { assertNever } from '../../../core/assert.ts'
import type { Search } from '../../../core/query/search-nodes.ts'
import { onlyRow } from '../only-row.ts'
import type { Queryable } from '../pool.ts'
import { type AddParameter, monitorSearchSql } from './monitor-search-sql.ts'
import type { Creator } from './monitors.ts'

/** Downtimes that hold the whole of monitors now: named by ids, or by tags (lower case, all of them; empty = every monitor). */
export type WholeMutes = Readonly<{ monitorIds: readonly number[]; tagSets: readonly (readonly string[])[] }>

export type MonitorSearch = Readonly<{
  search: Search
  mutes: WholeMutes
  nowMs: number
  sort: SearchSort
  offset: number
  limit: number
}>

export type Count = Readonly<{ name: string | boolean; count: number }>

export type FoundMonitor = Readonly<{
  id: number
  name: string
  type: string
  classification: string
  query: string
  message: string
  tags: readonly string[]
  priority: number | null
  overall_state: string
  creator: Creator
  muted: boolean
  last_triggered_ms: number | null
}>

export type FoundGroup = Readonly<{
  monitor_id: number
  monitor_name: string
  group_key: string
  status: string
  last_triggered_ms: number | null
  no_data_ms: number | null
}>

/** Tags counted, the most frequent ones: what a person chooses from. */
const tagsCountedMax = 1_000

export type MonitorCounts = Readonly<{
  total: number
  status: readonly Count[]
  type: readonly Count[]
  muted: readonly Count[]
  tag: readonly Count[]
}>

export type Statement = Readonly<{ text: string; values: unknown[] }>

export type GroupCounts = Readonly<{ total: number; status: readonly Count[]; type: readonly Count[] }>

/** A page. */
export async function searchMonitors(db: Queryable, search: MonitorSearch): Promise<FoundMonitor[]> {
  const { rows } = await db.query<FoundMonitor>(monitorsStatement(search))
  return rows
}

/** Of all that are found: a pass over them, tens of milliseconds where they are tens of thousands. */
export async function countMonitors(db: Queryable, search: MonitorSearch): Promise<MonitorCounts> {
  const { rows } = await db.query<{ counts: MonitorCounts }>(monitorCountsStatement(search))
  return onlyRow(rows).counts
}

/** A page. */
export async function searchGroups(db: Queryable, search: MonitorSearch): Promise<FoundGroup[]> {
  const { rows } = await db.query<FoundGroup>(groupsStatement(search))
  return rows
}

/** Of all that are found, as countMonitors. */
export async function countGroups(db: Queryable, search: MonitorSearch): Promise<GroupCounts> {
  const { rows } = await db.query<{ counts: GroupCounts }>(groupCountsStatement(search))
  return onlyRow(rows).counts
}

export function monitorsStatement(search: MonitorSearch): Statement {
  const { values, add, condition } = parts(search, false)
  return {
    text: `select id, name, type, classification, query, message, tags, priority, overall_state, creator, ${mutedSql(search, add, 'each')} as muted,
        (select max((state ->> 'lastTriggeredAt')::bigint) from monitor_groups where monitor_id = monitors.id) as last_triggered_ms
      from monitors where deleted_at is null and ${condition}
      order by ${orderOf(search.sort, false)} offset ${add(search.offset)} limit ${add(search.limit)}`,
    values,
  }
}

export function monitorCountsStatement(search: MonitorSearch): Statement {
  const { values, muted, condition } = parts(search, false)
  return {
    // Monitors that are alike are counted as one row from there on: far fewer than there are monitors.
    text: `with quiet as materialized (select id from monitors where deleted_at is null and ${muted()}), found as materialized (
        select overall_state, classification, monitors.id in (select id from quiet) as muted, tags, count(*) as count
        from monitors where deleted_at is null and ${condition} group by 1, 2, 3, 4
      )
      select json_build_object(
        'total', (select coalesce(sum(count), 0) from found),
        'status', ${countsOf('overall_state', 'found')},
        'type', ${countsOf('classification', 'found')},
        'muted', ${countsOf('muted', 'found')},
        'tag', ${countsOf('tag', 'found, unnest(tags) as tag')}
      ) as counts`,
    values,
  }
}

export function groupsStatement(search: MonitorSearch): Statement {
  const { values, add, condition } = parts(search, true)
  return {
    text: `select monitor_id, monitors.name as monitor_name, group_key, status, (state ->> 'lastTriggeredAt')::bigint as last_triggered_ms,
        case when status = 'No Data' then (state ->> 'since')::bigint end as no_data_ms
      from monitor_groups join monitors on monitors.id = monitor_groups.monitor_id
      where deleted_at is null and ${condition}
      order by ${orderOf(search.sort, true)} offset ${add(search.offset)} limit ${add(search.limit)}`,
    values,
  }
}

export function groupCountsStatement(search: MonitorSearch): Statement {
  const { values, condition } = parts(search, true)
  return {
    text: `with found as materialized (
        select status, classification, count(*) as count from monitor_groups join monitors on monitors.id = monitor_groups.monitor_id
        where deleted_at is null and ${condition} group by 1, 2
      )
      select json_build_object(
        'total', (select coalesce(sum(count), 0) from found),
        'status', ${countsOf('status', 'found')},
        'type', ${countsOf('classification', 'found')}
      ) as counts`,
    values,
  }
}

type Parts = Readonly<{ values: unknown[]; add: AddParameter; muted: () => string; condition: string }>

function parts(monitors: MonitorSearch, groups: boolean): Parts {
  const values: unknown[] = []
  const add: AddParameter = (value) => `$${values.push(value)}`
  // PostgreSQL refuses a parameter that nothing uses.
  const muted = (): string => mutedSql(monitors, add, 'all')
  return { values, add, muted, condition: monitorSearchSql(monitors.search, { add, muted, groups }) }
}

/**
 * As a whole: by a mute of all its groups, or by a downtime of them. `all`: those that downtimes name by tags are found once, by an index, for
 * whoever looks at many monitors; `each`: one monitor is compared, for whoever looks at a page.
 */
function mutedSql({ mutes: { monitorIds, tagSets }, nowMs }: MonitorSearch, add: AddParameter, asked: 'all' | 'each'): string {
  if (tagSets.some((tags) => tags.length === 0)) return 'true'
  const silenced = `(coalesce(options -> 'silenced' <> '{}'::jsonb, false) and options -> 'silenced' ? '*'
    and coalesce((options -> 'silenced' ->> '*')::numeric > ${add(nowMs / 1_000)}::numeric, true))`
  const named = monitorIds.length === 0 ? '' : ` or monitors.id = any(${add(monitorIds)}::bigint[])`
  return `(${silenced}${named}${tagSets.length === 0 ? '' : ` or ${taggedSql(add(JSON.stringify(tagSets)), asked)}`})`
}

function taggedSql(tagSets: string, asked: 'all' | 'each'): string {
  const wanted = `jsonb_array_elements(${tagSets}::jsonb) as wanted`
  const tags = 'array(select jsonb_array_elements_text(wanted))'
  switch (asked) {
    case 'each':
      return `exists (select from ${wanted} where search_tags @> ${tags})`
    case 'all':
      return `monitors.id in (select tagged.id from ${wanted}, lateral (
        select id from monitors where deleted_at is null and search_tags @> ${tags}
      ) as tagged)`
    default:
      return assertNever(asked)
  }
}

function orderOf({ field, descending }: SearchSort, groups: boolean): string {
  const direction = descending ? 'desc' : 'asc'
  const id = groups ? `monitor_groups.monitor_id ${direction}, group_key ${direction}` : `id ${direction}`
  switch (field) {
    case 'name':
      return `lower(left(monitors.name, 100)) ${direction}, ${id}`
    case 'status':
      return `${groups ? 'monitor_groups.status' : 'overall_state'} ${direction}, ${id}`
    case 'severity':
      return `${severityOf(groups ? 'monitor_groups.status' : 'overall_state')} ${direction}, lower(left(monitors.name, 100)) ${direction}, ${id}`
    case 'tags':
      return `monitors.search_tags ${direction}, ${id}`
    case 'id':
      return id
  }
}

/** What asks for people first, comes first. */
function severityOf(column: string): string {
  return `array_position(array['Alert', 'Warn', 'No Data', 'Unknown', 'OK'], ${column})`
}

/** `[{ name, count }]`, the most frequent first. */
function countsOf(column: string, from: string): string {
  return `(select coalesce(json_agg(json_build_object('name', name, 'count', count)), '[]') from (
    select ${column} as name, sum(count) as count from ${from} group by 1 order by 2 desc, 1 limit ${tagsCountedMax}
  ) as counted)`
}
