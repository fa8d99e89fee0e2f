import type { Pool } from '../../adapters/postgres/pool.ts'
import { noTemporalPrograms, startTemporalServer, temporalPrograms } from '../../test/support/temporal-server.ts'
import { cpuMs, residentBytes } from '../loop/proc.ts'
import { startServer } from '../loop/server.ts'
import { withPostgres } from '../postgres.ts'
import type { ServerKind } from './plan.ts'
import { pushPoints } from './population.ts'
import { familyCpuMs, parentOf } from './processes.ts'

/** The servers that the fleets of one kind share, each in processes of its own. */
export type Site = Readonly<{
  pool: Pool
  databaseUrl: string
  temporalAddress: string
  temporalBytes: () => number
  /** So far, in ms. temporalPostgres is 0 for a server that keeps everything in memory. */
  cpu: () => Readonly<{ temporal: number; postgres: number; temporalPostgres: number }>
}>

/** Whether fleets of this kind can be measured here; a sentence = why not. */
export function whyNot(kind: ServerKind): string | null {
  return kind === 'real' && temporalPrograms() === null ? noTemporalPrograms : null
}

/** Metrics come in for as long as `measure` takes. */
export async function withSite<Result>(
  kind: ServerKind,
  say: (line: string) => void,
  measure: (site: Site) => Promise<Result>,
): Promise<Result> {
  return withPostgres(async (pool, databaseUrl) => {
    const postgresPid = await postmasterOf(pool)
    const stopPushing = pushPoints(pool)
    try {
      return await withTemporal(kind, say, (temporal) =>
        measure({
          pool,
          databaseUrl,
          temporalAddress: temporal.address,
          temporalBytes: () => residentBytes(temporal.pid),
          cpu: () => ({ temporal: cpuMs(temporal.pid), postgres: familyCpuMs(postgresPid), temporalPostgres: temporal.postgresCpuMs() }),
        }),
      )
    } finally {
      await stopPushing()
    }
  })
}

type Temporal = Readonly<{ address: string; pid: number; postgresCpuMs: () => number }>

async function withTemporal<Result>(
  kind: ServerKind,
  say: (line: string) => void,
  use: (temporal: Temporal) => Promise<Result>,
): Promise<Result> {
  if (kind === 'dev') {
    const server = await startServer(say)
    return useAndStop(server, { ...server, postgresCpuMs: () => 0 }, use)
  }
  const programs = temporalPrograms()
  if (programs === null) throw new Error(noTemporalPrograms)
  // A PostgreSQL of its own, so that its work can be told from the engine's.
  return withPostgres(async (pool, url) => {
    const pid = await postmasterOf(pool)
    const server = await startTemporalServer(programs, url)
    return useAndStop(server, { ...server, postgresCpuMs: () => familyCpuMs(pid) }, use)
  })
}

async function useAndStop<Result>(
  server: Readonly<{ stop: () => Promise<void> }>,
  temporal: Temporal,
  use: (temporal: Temporal) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(temporal)
  } finally {
    await server.stop()
  }
}

async function postmasterOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  const [row] = rows
  if (row === undefined) throw new Error('PostgreSQL names no process')
  return parentOf(row.pid)
}
