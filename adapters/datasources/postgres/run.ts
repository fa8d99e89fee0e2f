/**
 * Runs one statement on a connection of its own, in a transaction that only reads, for so long and for so many bytes. A connection each keeps
 * what one statement did to its session from the next. Never runs as a superuser: no transaction keeps one from files and programs.
 * Read next: postgres.ts, socket.ts.
 */
import pg from 'pg'
import { SourceError } from '../../../activities/ports.ts'
import type { SourceOf } from '../../../contract/source.ts'
import type { Guard } from '../../http/guard.ts'
import { sourceError } from './failure.ts'
import { boundBytes, GuardedSocket } from './socket.ts'

/** Of a column: its name and the type's number. */
export type Column = Readonly<{ name: string; type: number }>
/** Values as PostgreSQL prints them. */
export type Rows = Readonly<{ columns: readonly Column[]; rows: readonly (readonly (string | null)[])[] }>

export type RunOptions = Readonly<{ source: SourceOf<'postgres'>; guard: Guard | null }>

/** Some thousand rows of tags and a value are far below it. */
const answerBytesMax = 8 * 1_024 * 1_024

/** Rejects with SourceError only. */
export async function run(
  { source, guard }: RunOptions,
  statement: Readonly<{ text: string; values: readonly unknown[] }>,
  timeoutMs: number,
): Promise<Rows> {
  const socket = new GuardedSocket(guard)
  const client = new pg.Client({
    ...connectionOf(source),
    stream: () => socket,
    connectionTimeoutMillis: timeoutMs,
    // Beyond the server's own timeout: for a server that went silent.
    query_timeout: timeoutMs + 500,
    application_name: 'tocsin',
    types: { getTypeParser: () => (text: string) => text },
  })
  // One that breaks rejects the query under way, too.
  client.on('error', () => {})
  const unbound = boundBytes(socket, answerBytesMax)
  const deadline = performance.now() + timeoutMs
  try {
    await client.connect()
    await refuseSuperuser(client)
    const leftMs = Math.max(1, Math.floor(deadline - performance.now()))
    await client.query('begin transaction read only')
    await client.query(`set local statement_timeout = ${leftMs}`)
    await client.query(`set local lock_timeout = ${leftMs}`)
    const { fields, rows } = await client.query<(string | null)[]>({
      text: statement.text,
      values: [...statement.values],
      rowMode: 'array',
    })
    return { columns: fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })), rows }
  } catch (error) {
    throw sourceError(error)
  } finally {
    unbound()
    void client.end().catch(() => {})
  }
}

async function refuseSuperuser(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; mighty: string }>(
    `select current_user as name, (rolsuper or exists (
       select from pg_roles as r
       where r.rolname in ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
         and pg_has_role(current_user, r.oid, 'member')))::text as mighty
     from pg_roles where rolname = current_user`,
  )
  const [role] = rows
  if (role?.mighty !== 'true') return
  throw new SourceError(
    'refused',
    `PostgreSQL: the role ${role.name} may read files or is a superuser: give the source one that may only read tables`,
  )
}

function connectionOf({ config, secrets }: SourceOf<'postgres'>): pg.ClientConfig {
  const url = new URL(config.url)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
    // Never one of the environment, which the driver would take otherwise.
    password: secrets.password ?? '',
    ssl: sslOf(config),
  }
}

function sslOf({ ssl, ca }: SourceOf<'postgres'>['config']): pg.ClientConfig['ssl'] {
  if (ssl === 'disable') return false
  return ssl === 'require' ? { rejectUnauthorized: false } : { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) }
}
