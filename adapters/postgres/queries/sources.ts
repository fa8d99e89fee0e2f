/**
 * Sources as they are stored: their configuration in clear text, their secrets sealed as one text that is bound to the source's name.
 * Never gives a row out whose secrets can't be read as if it had none. Read next: migrations/0006_sources.sql, adapters/secrets/box.ts.
 */
import { type Source, sourceBody } from '../../../contract/source.ts'
import { type SecretBox, SecretError } from '../../secrets/box.ts'
import type { Queryable } from '../pool.ts'

/** `source` null = it can't be read, and `unreadable` says why. */
export type StoredSource = Readonly<{
  name: string
  kind: string
  isDefault: boolean
  config: Readonly<Record<string, unknown>>
  secretNames: readonly string[]
  taskQueue: string | null
  managedBy: 'api' | 'file'
  version: number
  created: Date
  modified: Date
  source: Source | null
  unreadable: string | null
}>

/** Each takes connections and memory in every worker. */
export const sourcesMax = 1_000

type Row = Omit<StoredSource, 'source' | 'unreadable'> & Readonly<{ sealed: string | null }>

const columns = `name, kind, is_default as "isDefault", config, secret_names as "secretNames", task_queue as "taskQueue", sealed,
  managed_by as "managedBy", version, created_at as created, modified_at as modified`

export async function listSources(db: Queryable, secrets: SecretBox | null): Promise<StoredSource[]> {
  const { rows } = await db.query<Row>(`select ${columns} from sources order by name limit $1`, [sourcesMax])
  return rows.map((row) => opened(row, secrets))
}

/** `lock`: nobody else changes it until the transaction ends. */
export async function findSource(db: Queryable, secrets: SecretBox | null, name: string, lock = false): Promise<StoredSource | null> {
  const { rows } = await db.query<Row>(`select ${columns} from sources where name = $1${lock ? ' for update' : ''}`, [name])
  const [row] = rows
  return row === undefined ? null : opened(row, secrets)
}

export type SourceWrite = 'written' | 'name-taken' | 'no-key' | 'too-many'

/** The default of its kind takes that from whoever had it. */
export async function insertSource(
  db: Queryable,
  secrets: SecretBox | null,
  source: Source,
  managedBy: StoredSource['managedBy'],
): Promise<SourceWrite> {
  const sealed = seal(source, secrets)
  if (sealed === 'no-key') return 'no-key'
  const { rows } = await db.query<{ count: number }>('select count(*) from sources')
  if ((rows[0]?.count ?? 0) >= sourcesMax) return 'too-many'
  await yieldDefault(db, source)
  const { rowCount } = await db.query(
    `insert into sources (name, kind, is_default, config, task_queue, sealed, secret_names, managed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (name) do nothing`,
    [source.name, source.kind, ...values(source, sealed), managedBy],
  )
  return rowCount === 1 ? 'written' : 'name-taken'
}

export async function updateSource(
  db: Queryable,
  secrets: SecretBox | null,
  source: Source,
  managedBy: StoredSource['managedBy'],
): Promise<'written' | 'no-key'> {
  const sealed = seal(source, secrets)
  if (sealed === 'no-key') return 'no-key'
  await yieldDefault(db, source)
  await db.query(
    `update sources set is_default = $2, config = $3, task_queue = $4, sealed = $5, secret_names = $6, managed_by = $7,
       version = version + 1, modified_at = now()
     where name = $1`,
    [source.name, ...values(source, sealed), managedBy],
  )
  return 'written'
}

export async function deleteSource(db: Queryable, name: string): Promise<void> {
  await db.query('delete from sources where name = $1', [name])
  await db.query('delete from source_states where source = $1', [name])
}

/** Monitors that name it by option or tag; of a default also those of these types that name none. The first few ids, ascending, and how many. */
export async function usersOf(
  db: Queryable,
  name: string,
  defaultFor: readonly string[],
): Promise<Readonly<{ count: number; ids: readonly number[] }>> {
  const { rows } = await db.query<{ count: number; ids: readonly number[] }>(
    `with users as (
       select id from monitors
       where deleted_at is null and (
         options ->> 'datasource' = $1
         or (not options ? 'datasource' and (
           'datasource:' || $1 = any(tags)
           or (type = any($2::text[]) and not exists (select from unnest(tags) as tag where starts_with(tag, 'datasource:'))))))
     )
     select (select count(*) from users) as count, to_jsonb(array(select id from users order by id limit 10)) as ids`,
    [name, defaultFor],
  )
  return rows[0] ?? { count: 0, ids: [] }
}

export type SourceState = Readonly<{ worker: string; state: Readonly<Record<string, unknown>>; updated: Date }>

/** Of workers that told lately, newest first. */
export async function statesOfSource(db: Queryable, name: string): Promise<SourceState[]> {
  const { rows } = await db.query<SourceState>(
    `select worker, state, updated_at as updated from source_states
     where source = $1 and updated_at > now() - interval '10 minutes' order by updated_at desc limit 50`,
    [name],
  )
  return rows
}

export async function saveSourceStates(
  db: Queryable,
  worker: string,
  states: readonly Readonly<{ source: string; state: Readonly<Record<string, unknown>> }>[],
): Promise<void> {
  if (states.length === 0) return
  await db.query(
    `insert into source_states (source, worker, state)
     select s ->> 'source', $1, s -> 'state' from jsonb_array_elements($2::jsonb) as s
     on conflict (source, worker) do update set state = excluded.state, updated_at = now()`,
    [worker, JSON.stringify(states)],
  )
  await db.query(`delete from source_states where updated_at < now() - interval '1 hour'`)
}

function values({ default: isDefault, config, task_queue: taskQueue, secrets }: Source, sealed: string | null): unknown[] {
  return [isDefault, JSON.stringify(config), taskQueue, sealed, Object.keys(secrets).sort()]
}

async function yieldDefault(db: Queryable, source: Source): Promise<void> {
  if (!source.default) return
  await db.query(
    'update sources set is_default = false, version = version + 1, modified_at = now() where kind = $1 and name <> $2 and is_default',
    [source.kind, source.name],
  )
}

function seal(source: Source, secrets: SecretBox | null): string | null | 'no-key' {
  if (Object.keys(source.secrets).length === 0) return null
  return secrets === null ? 'no-key' : secrets.seal(JSON.stringify(source.secrets), aboutOf(source.name))
}

function opened({ sealed, ...row }: Row, secrets: SecretBox | null): StoredSource {
  try {
    const parsed = sourceBody.safeParse({
      name: row.name,
      kind: row.kind,
      default: row.isDefault,
      task_queue: row.taskQueue,
      config: row.config,
      secrets: sealed === null ? {} : JSON.parse(openSealed(sealed, row.name, secrets)),
    })
    if (parsed.success) return { ...row, source: parsed.data, unreadable: null }
    return { ...row, source: null, unreadable: 'its configuration is of another version of Tocsin: write it anew' }
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    return { ...row, source: null, unreadable: `its secrets can't be read: ${error.message}` }
  }
}

function openSealed(sealed: string, name: string, secrets: SecretBox | null): string {
  if (secrets === null) throw new SecretError('TOCSIN_SECRET_KEY is not set')
  return secrets.open(sealed, aboutOf(name))
}

const aboutOf = (name: string): string => `source:${name}`
