/** Lists of monitors, filtered as Datadog's list is, in ascending order of ids. */
import type { Queryable } from '../pool.ts'
import { escaped } from './monitor-search-sql.ts'
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
  const { rows } = await db.query<MonitorRow>(listStatement(filter))
  return rows
}

/** Only what is asked for is in the statement: each condition is then one that an index knows. */
export function listStatement(filter: MonitorFilter): Readonly<{ text: string; values: unknown[] }> {
  const values: unknown[] = []
  const add = (value: unknown): string => `$${values.push(value)}`
  const conditions = [
    `id > ${add(filter.afterId)}`,
    ...(filter.name === null ? [] : [`name ilike ${add(`%${filter.name.replace(/[\\%_]/g, '\\$&')}%`)}`]),
    ...(filter.monitorTags.length === 0 ? [] : [`tags @> ${add(filter.monitorTags)}::text[]`]),
    ...filter.scopeTags.map((tag) => `query ~ ${add(scopePattern(tag))}`),
  ]
  // The page is found by ids alone: what is skipped isn't read, nor its times written out.
  const page = `select id from monitors where deleted_at is null and ${conditions.join(' and ')}
    order by id offset ${add(filter.offset)} limit ${add(filter.limit)}`
  const text = `select ${monitorColumns} from monitors where id = any(array(${page})) order by id`
  return { text, values }
}

/** The tag as a whole term between braces, commas, blanks, brackets or quotes. */
function scopePattern(tag: string): string {
  return `(^|[{,( "'])${escaped(tag)}($|[},) "'])`
}
