/**
 * Evaluations as rows: written in batches, read newest first. Writing one again is writing it once; the later one wins.
 * Never an input of a decision. Read next: evaluation-writer.ts, migrations/0004_evaluations.sql.
 */
import { createHash } from 'node:crypto'
import type { EvaluationEntry } from '../../../activities/ports.ts'
import type { Queryable } from '../pool.ts'
import { dayMs } from './intake.ts'

export type QueryText = Readonly<{ digest: string; text: string; newestDay: number }>

/** The name of a text that was sent to a source. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

export const dayOf = (slot: number): number => Math.floor(slot / dayMs)

/** `timeoutMs`: a server that is gone without a word answers neither yes nor no. */
export async function ensureEvaluationDays(db: Queryable, days: readonly number[], timeoutMs?: number): Promise<void> {
  await run(db, timeoutMs, "select ensure_day_partition('evaluations', day) from unnest($1::integer[]) as day", [days])
}

/**
 * One statement, all of it or nothing. `entries`: each monitor's slot once, in the one order in which all writers lock their
 * rows; `texts`: those that may not be stored yet.
 */
export async function insertEvaluations(
  db: Queryable,
  entries: readonly EvaluationEntry[],
  texts: readonly QueryText[],
  timeoutMs?: number,
): Promise<void> {
  await run(
    db,
    timeoutMs,
    `with unhurried as (
       -- Nobody waits for these rows: what a power loss takes of the last moments is no more than a killed worker does.
       select set_config('synchronous_commit', 'off', true)
     ), texts as (
       insert into evaluation_queries (digest, text, newest_day)
       select digest, text, newest_day from unnest($14::uuid[], $15::text[], $16::integer[]) as sent (digest, text, newest_day)
       on conflict (digest) do update set newest_day = excluded.newest_day
       where evaluation_queries.newest_day < excluded.newest_day
     )
     insert into evaluations (monitor_id, slot, at_ms, value_min, value_max, query_digest, version, delay_ms, duration_ms, groups_seen,
       groups_told, outcome, reason)
     select entries.* from unhurried cross join unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::float8[], $5::float8[], $6::uuid[],
       $7::integer[], $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::text[], $13::text[]) as entries
     on conflict (monitor_id, slot) do update set at_ms = excluded.at_ms, value_min = excluded.value_min, value_max = excluded.value_max,
       query_digest = excluded.query_digest, version = excluded.version, delay_ms = excluded.delay_ms, duration_ms = excluded.duration_ms,
       groups_seen = excluded.groups_seen, groups_told = excluded.groups_told, outcome = excluded.outcome, reason = excluded.reason`,
    [
      entries.map((entry) => entry.monitorId),
      entries.map((entry) => entry.slot),
      entries.map((entry) => entry.at),
      entries.map((entry) => entry.values?.min ?? null),
      entries.map((entry) => entry.values?.max ?? null),
      entries.map((entry) => (entry.query === null ? null : digestOf(entry.query))),
      entries.map((entry) => entry.version),
      entries.map((entry) => entry.delayMs),
      entries.map((entry) => entry.durationMs),
      entries.map((entry) => entry.groupsSeen),
      entries.map((entry) => entry.groupsTold),
      entries.map((entry) => entry.outcome),
      entries.map((entry) => entry.reason),
      texts.map((text) => text.digest),
      texts.map((text) => text.text),
      texts.map((text) => text.newestDay),
    ],
  )
}

async function run(db: Queryable, timeoutMs: number | undefined, text: string, values: unknown[]): Promise<void> {
  const statement = { text, values, ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }) }
  await db.query(statement)
}

export type EvaluationRow = Readonly<{
  slot: number
  at_ms: number
  version: number
  outcome: string
  reason: string | null
  value_min: number | null
  value_max: number | null
  groups_seen: number
  groups_told: number
  duration_ms: number
  delay_ms: number
  query: string | null
}>

/** Newest slot first. */
export async function listEvaluations(db: Queryable, monitorId: number, before: number | null, limit: number): Promise<EvaluationRow[]> {
  const { rows } = await db.query<EvaluationRow>(
    `select slot, at_ms, version, outcome, reason, value_min, value_max, groups_seen, groups_told, duration_ms, delay_ms, text as query
     from evaluations left join evaluation_queries on digest = query_digest
     where monitor_id = $1 and ($2::bigint is null or slot < $2) order by slot desc limit $3`,
    [monitorId, before, limit],
  )
  return rows
}
