/**
 * Pings of heartbeats. A key is a secret, so only its hash is stored; a key that no monitor expects leaves nothing.
 * Read next: api/routes/heartbeat.ts, adapters/datasources/intake/heartbeats.ts.
 */
import { createHash } from 'node:crypto'
import { type Pool, transaction } from '../pool.ts'
import { ensureDays } from './days.ts'
import { dayMs } from './intake.ts'

export function heartbeatHash(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest()
}

/** Pings within the same second are one: so a loop gone wild writes no more than a row a second. */
export async function recordPing(pool: Pool, key: string, nowMs: number): Promise<void> {
  const atMs = Math.floor(nowMs / 1_000) * 1_000
  await transaction(pool, async (client) => {
    await ensureDays(client, 'heartbeat_pings', [Math.floor(atMs / dayMs)])
    await client.query('insert into heartbeat_pings (key_hash, at_ms) values ($1, $2) on conflict do nothing', [heartbeatHash(key), atMs])
  })
}

/** The texts of heartbeat queries in use, to know which keys are expected. */
export async function heartbeatQueries(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ query: string }>("select query from monitors where type = 'heartbeat alert' and deleted_at is null")
  return rows.map(({ query }) => query)
}
