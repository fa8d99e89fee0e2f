import type { Pool } from '../../adapters/postgres/pool.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'

export type MonitorRow = Readonly<{ message?: string; options?: Readonly<Record<string, unknown>> }>

/** Stores a definition straight into PostgreSQL, for tests that aren't about the API. Returns its id. */
export async function insertMonitor(
  pool: Pool,
  spec: Pick<MonitorSpec, 'name' | 'type' | 'query' | 'tags' | 'priority'>,
  row: MonitorRow = {},
): Promise<number> {
  const message = row.message ?? ''
  const options = JSON.stringify(row.options ?? {})
  const { rows } = await pool.query<{ id: number }>(
    `insert into monitors (type, name, query, message, tags, priority, options, multi, creator)
     values ($1, $2, $3, $4, $5, $6, $7, true, '{}') returning id`,
    [spec.type, spec.name, spec.query, message, [...spec.tags], spec.priority, options],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('PostgreSQL returned no id')
  await pool.query(
    `insert into monitor_versions (monitor_id, version, definition, changed_by)
     select id, version, jsonb_build_object('name', name, 'type', type, 'query', query, 'message', message, 'tags', to_jsonb(tags),
       'priority', priority, 'options', options, 'draft_status', draft_status), 'test' from monitors where id = $1`,
    [id],
  )
  return id
}
