/**
 * The connection pool and the one way to run a transaction. Never holds SQL: that is in queries/ and migrations/.
 * Read next: migrate.ts, queries/.
 */
import pg from 'pg'

// int8 as number: ids, sequences and epoch-ms slots stay far below 2^53.
const int8 = 20
// (An array of them still comes as texts: select it with to_jsonb.)
pg.types.setTypeParser(int8, Number)

export type Pool = pg.Pool
export type Client = pg.PoolClient
/** What a row may be typed as. */
export type ResultRow = pg.QueryResultRow
/** Either runs one statement; a Client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>

export type PoolOptions = Readonly<{
  max?: number
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  onError?: (error: Error) => void
}>

export function createPool(url: string, options: PoolOptions = {}): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    // Two cores keep about ten connections busy; more only queue inside PostgreSQL.
    max: options.max ?? 10,
    // A request that can't get a connection answers 503 while its client still waits.
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    // A statement of the engine takes milliseconds; one that takes this long hangs.
    statement_timeout: 15_000,
    application_name: 'tocsin',
  })
  pool.on('error', options.onError ?? (() => {}))
  return pool
}

/** Commits what `work` did, or nothing of it. */
export async function transaction<Result>(pool: Pool, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // A connection that can't even roll back is thrown away instead of returned.
    await client.query('rollback').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error(String(cause))
    })
    throw error
  } finally {
    client.release(broken)
  }
}
