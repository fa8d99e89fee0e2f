/** Lists of monitors, filtered as Datadog's list is, in ascending order of ids. */
import type { Queryable } from '../pool.ts'
import { type MonitorRow, monitorColumns } from './monitors.ts'

export type MonitorFilter = Readonly<{
  /** Part of the name, whatever its case. */
  name: string | null
  /** Tags that the query's scope names, all of them. */
  scopeTags: readonly string[]
  /** Tags of the monitor, all of them. */
  monitorTags: readonly string[]
  afterId: number
  offset: number
  limit: number
}>

export async function listMonitors(db: Queryable, filter: MonitorFilter): Promise<MonitorRow[]> {
  const { rows } = await db.query<MonitorRow>(
    `select ${monitorColumns} from monitors
     where deleted_at is null and id > $1
       and ($2::text is null or position(lower($2) in lower(name)) > 0)
       and tags @> $3::text[]
       and (select coalesce(bool_and(query ~ pattern), true) from unnest($4::text[]) as pattern)
     order by id offset $5 limit $6`,
    [filter.afterId, filter.name, filter.monitorTags, filter.scopeTags.map(scopePattern), filter.offset, filter.limit],
  )
  return rows
}

/** The tag as a whole term between braces, commas, blanks, brackets or quotes. */
function scopePattern(tag: string): string {
  const text = tag.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&')
  return `(^|[{,( "'])${text}($|[},) "'])`
}
