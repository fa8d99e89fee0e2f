import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../adapters/postgres/migrate.ts'
import { createPool, type Pool } from '../adapters/postgres/pool.ts'
import { freePort } from '../cli/up/port.ts'
import { startPostgres } from '../cli/up/postgres.ts'

/** A real PostgreSQL of the benchmark's own, with the schema in it, for as long as `measure` takes. */
export async function withPostgres<Result>(measure: (pool: Pool, url: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  // As root the server runs as another user, who must be able to enter.
  await chmod(folder, 0o711)
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), port: await freePort(), database: 'bench' })
  const pool = createPool(server.url)
  try {
    await migrate(pool)
    return await measure(pool, server.url)
  } finally {
    await pool.end()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
