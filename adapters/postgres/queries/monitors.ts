/**
 * Definitions of monitors: written in the caller's transaction, with their versions; read with what was decided.
 * Never decides what a definition may hold: contract/ does. Read next: monitor-list.ts, history.ts, audit.ts.
 */
import type { MonitorDefinition } from '../../../contract/monitor.ts'
import { onlyRow } from '../only-row.ts'
import type { Queryable } from '../pool.ts'

export type Creator = Readonly<{ name: string; handle: string; email: string; id: number }>

export type MonitorRow = MonitorDefinition &
  Readonly<{
    id: number
    version: number
    multi: boolean
    external_key: string | null
    creator: Creator
    /** ISO 8601 with microseconds. */
    created: string
    created_s: number
    modified: string
    overall_state: string
    overall_state_modified: string | null
  }>

const iso = (column: string, format: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"${format}') || '+00:00'`

export const monitorColumns = `id, version, type, name, query, message, tags, priority, restricted_roles, options, draft_status, assets, multi,
  external_key, creator, ${iso('created_at', 'HH24:MI:SS.US')} as created, floor(extract(epoch from created_at))::bigint as created_s,
  ${iso('modified_at', 'HH24:MI:SS.US')} as modified, overall_state, ${iso('overall_state_modified', 'HH24:MI:SS')} as overall_state_modified`

export type NewMonitor = Readonly<{ definition: MonitorDefinition; multi: boolean; externalKey: string | null; creator: Creator }>

export async function insertMonitor(db: Queryable, monitor: NewMonitor): Promise<MonitorRow> {
  const { rows } = await db.query<MonitorRow>(
    `insert into monitors (type, name, query, message, tags, priority, restricted_roles, options, draft_status, assets, multi, external_key, creator)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning ${monitorColumns}`,
    [...definitionValues(monitor.definition), monitor.multi, monitor.externalKey, JSON.stringify(monitor.creator)],
  )
  return onlyRow(rows)
}

/** The next version of a monitor that the transaction has locked. */
export async function updateMonitor(db: Queryable, id: number, definition: MonitorDefinition, multi: boolean): Promise<MonitorRow> {
  const { rows } = await db.query<MonitorRow>(
    `update monitors set type = $1, name = $2, query = $3, message = $4, tags = $5, priority = $6, restricted_roles = $7, options = $8,
       draft_status = $9, assets = $10, multi = $11, version = version + 1, modified_at = now()
     where id = $12 returning ${monitorColumns}`,
    [...definitionValues(definition), multi, id],
  )
  return onlyRow(rows)
}

/** What this version was, for ever: messages are rendered from the version that decided. */
export async function insertVersion(db: Queryable, row: MonitorRow, changedBy: string): Promise<void> {
  await db.query('insert into monitor_versions (monitor_id, version, definition, changed_by) values ($1, $2, $3, $4)', [
    row.id,
    row.version,
    JSON.stringify(definitionOf(row)),
    changedBy,
  ])
}

/** null = never created, or deleted. */
export async function findMonitor(db: Queryable, id: number): Promise<MonitorRow | null> {
  const { rows } = await db.query<MonitorRow>(`select ${monitorColumns} from monitors where id = $1 and deleted_at is null`, [id])
  return rows[0] ?? null
}

/** Also a deleted one: its history stays. */
export async function monitorExists(db: Queryable, id: number): Promise<boolean> {
  const { rows } = await db.query('select 1 from monitors where id = $1', [id])
  return rows.length > 0
}

/** Like findMonitor, and nobody else changes it until the transaction ends. */
export async function lockMonitor(db: Queryable, id: number): Promise<MonitorRow | null> {
  const { rows } = await db.query<MonitorRow>(`select ${monitorColumns} from monitors where id = $1 and deleted_at is null for update`, [
    id,
  ])
  return rows[0] ?? null
}

/** The monitor that a file keeps under this key; until the transaction ends nobody else creates or changes it. */
export async function lockMonitorByKey(db: Queryable, key: string): Promise<MonitorRow | null> {
  // A row that doesn't exist yet can't be locked: the key is.
  await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`monitor-key:${key}`])
  const { rows } = await db.query<MonitorRow>(
    `select ${monitorColumns} from monitors where external_key = $1 and deleted_at is null for update`,
    [key],
  )
  return rows[0] ?? null
}

/** Of all monitors that files keep, by key. */
export async function listExternalKeys(db: Queryable): Promise<readonly Readonly<{ id: number; external_key: string }>[]> {
  const { rows } = await db.query<{ id: number; external_key: string }>(
    'select id, external_key from monitors where external_key is not null and deleted_at is null order by external_key',
  )
  return rows
}

export async function setExternalKey(db: Queryable, id: number, key: string): Promise<void> {
  await db.query('update monitors set external_key = $2 where id = $1', [id, key])
}

/** The row stays, so that its id is never given out again and its history can be read; its key becomes free. */
export async function markDeleted(db: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await db.query(
    'update monitors set deleted_at = now(), modified_at = now(), external_key = null where id = $1 and deleted_at is null',
    [id],
  )
  return rowCount === 1
}

export function definitionOf(row: MonitorDefinition): MonitorDefinition {
  const { type, name, query, message, tags, priority, restricted_roles, options, draft_status, assets } = row
  return { type, name, query, message, tags, priority, restricted_roles, options, draft_status, assets }
}

function definitionValues(definition: MonitorDefinition): unknown[] {
  const { type, name, query, message, tags, priority, restricted_roles: roles, options, draft_status: draft, assets } = definition
  const rolesJson = roles === null ? null : JSON.stringify(roles)
  return [type, name, query, message, tags, priority, rolesJson, JSON.stringify(options), draft, JSON.stringify(assets)]
}
