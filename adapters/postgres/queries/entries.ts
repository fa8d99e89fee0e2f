/**
 * Log entries and events into PostgreSQL: a batch in one statement, as often as it comes. An entry whose sender says when it happened
 * is known by its content: coming again, it is the same entry. Others are as many as came.
 * Never stores a part of a batch. Read next: migrations/0005_checks_events_logs.sql, contract/entry.ts.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Entry } from '../../../contract/entry.ts'
import { type Pool, transaction } from '../pool.ts'
import { daysOf, ensureDays } from './days.ts'

/** Stores all entries, or none. The digests come back in the order of the entries. Rejects with PostgreSQL's errors. */
export async function ingestEntries(pool: Pool, table: 'logs' | 'events', posted: readonly Entry[]): Promise<readonly string[]> {
  const batch = posted.map(completed)
  const digests = digestsOf(batch)
  if (batch.length === 0) return digests
  // In the one order in which all batches lock their rows.
  const rows = batch
    .map((entry, index) => ({ entry, digest: digests[index] ?? '' }))
    .sort((a, b) => a.entry.atMs - b.entry.atMs || order(a.digest, b.digest))
  await transaction(pool, async (client) => {
    await ensureDays(client, table, daysOf(batch.map(({ atMs }) => atMs)))
    await client.query(
      `insert into ${table} (at_ms, digest, message, status, service, host, tags, attributes)
       select at_ms, digest, message, status, service, host, string_to_array(tags, ','), attributes
       from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
         as pushed (at_ms, digest, message, status, service, host, tags, attributes)
       on conflict (at_ms, digest) do nothing`,
      [
        rows.map(({ entry }) => entry.atMs),
        rows.map(({ digest }) => digest),
        rows.map(({ entry }) => entry.message),
        rows.map(({ entry }) => entry.status),
        rows.map(({ entry }) => entry.service),
        rows.map(({ entry }) => entry.host),
        rows.map(({ entry }) => entry.tags.join(',')),
        rows.map(({ entry }) => JSON.stringify(entry.attributes)),
      ],
    )
  })
  return digests
}

/** What an entry doesn't say of itself, its tags may: so a search needs to look in one place only. */
function completed(entry: Entry): Entry {
  const { service, host, status, tags } = entry
  return {
    ...entry,
    service: service || taggedValue('service', tags),
    host: host || taggedValue('host', tags),
    status: status || taggedValue('status', tags),
  }
}

function taggedValue(key: string, tags: readonly string[]): string {
  return tags.find((tag) => tag.startsWith(`${key}:`))?.slice(key.length + 1) ?? ''
}

/** Equal entries of one batch are several: each has its number among them. */
function digestsOf(batch: readonly Entry[]): string[] {
  const seen = new Map<string, number>()
  return batch.map((entry) => {
    if (!entry.timed) return randomBytes(16).toString('hex')
    const { message, status, service, host, tags, attributes, atMs } = entry
    const content = JSON.stringify([atMs, message, status, service, host, tags, attributes])
    const number = seen.get(content) ?? 0
    seen.set(content, number + 1)
    return createHash('sha256').update(`${number} ${content}`).digest('hex').slice(0, 32)
  })
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
