/**
 * Points into PostgreSQL: a batch in one transaction, as often as it comes. A point that comes again is the same point.
 * Never stores a part of a batch. Read next: retention.ts, migrations/0002_intake.sql, contract/series.ts.
 */
import { createHash } from 'node:crypto'
import type { SeriesKind, SeriesPoints } from '../../../contract/series.ts'
import { type Client, type Pool, transaction } from '../pool.ts'

export const dayMs = 86_400_000
/** Deleting series takes this lock alone, ingesting shares it: no point is stored for a series that is going. */
export const seriesLock = 7_406_302

/** Stores all points, or none. `accepted` counts distinct points. Rejects with PostgreSQL's errors. */
export async function ingestSeries(pool: Pool, batch: readonly SeriesPoints[]): Promise<{ accepted: number }> {
  const merged = mergeBatch(batch)
  if (merged.points.length === 0) return { accepted: 0 }
  await transaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock_shared($1)', [seriesLock])
    const ids = await ensureSeries(client, merged.series)
    await ensureDays(client, merged.days)
    await upsertPoints(client, merged.points, ids)
  })
  return { accepted: merged.points.length }
}

type MergedSeries = Readonly<{ identity: string; source: SeriesPoints; newestDay: number }>
type MergedPoint = Readonly<{ identity: string; atMs: number; value: number }>
type Merged = Readonly<{ series: readonly MergedSeries[]; points: readonly MergedPoint[]; days: readonly number[] }>

/** Each series and each point once (the last one wins), in the one order in which all batches lock their rows. */
function mergeBatch(batch: readonly SeriesPoints[]): Merged {
  const series = new Map<string, MergedSeries>()
  const points = new Map<string, Map<number, number>>()
  const days = new Set<number>()
  for (const source of batch) {
    if (source.points.length === 0) continue
    const identity = identityOf(source)
    const values = points.get(identity) ?? new Map<number, number>()
    points.set(identity, values)
    let newestDay = series.get(identity)?.newestDay ?? 0
    for (const { atMs, value } of source.points) {
      values.set(atMs, value)
      const day = Math.floor(atMs / dayMs)
      days.add(day)
      newestDay = Math.max(newestDay, day)
    }
    series.set(identity, { identity, source, newestDay })
  }
  const identities = [...series.keys()].sort()
  return {
    series: identities.flatMap((identity) => series.get(identity) ?? []),
    points: identities.flatMap((identity) =>
      [...(points.get(identity) ?? [])].sort(([a], [b]) => a - b).map(([atMs, value]) => ({ identity, atMs, value })),
    ),
    days: [...days].sort((a, b) => a - b),
  }
}

function identityOf(series: SeriesPoints): string {
  return createHash('sha256')
    .update(`${series.metric}\n${series.tags.join('\n')}`)
    .digest('hex')
}

type SeriesRow = Readonly<{ id: number; identity: string; kind: SeriesKind; interval_s: number; newest_day: number }>

/** Ids by identity. Series that are as they were are only read: a steady stream writes nothing but points. */
async function ensureSeries(client: Client, series: readonly MergedSeries[]): Promise<ReadonlyMap<string, number>> {
  const known = await client.query<SeriesRow>(
    `select id, encode(identity, 'hex') as identity, kind, interval_s, newest_day
     from series where identity in (select decode(i, 'hex') from unnest($1::text[]) i)`,
    [series.map(({ identity }) => identity)],
  )
  const rows = new Map(known.rows.map((row) => [row.identity, row]))
  const changed = series.filter((one) => !isAsStored(one, rows.get(one.identity)))
  const ids = new Map(known.rows.map((row) => [row.identity, row.id]))
  for (const row of await upsertSeries(client, changed)) ids.set(row.identity, row.id)
  return ids
}

function isAsStored({ source, newestDay }: MergedSeries, row: SeriesRow | undefined): boolean {
  return row !== undefined && row.kind === source.kind && row.interval_s === source.intervalS && row.newest_day >= newestDay
}

async function upsertSeries(
  client: Client,
  series: readonly MergedSeries[],
): Promise<readonly Readonly<{ id: number; identity: string }>[]> {
  if (series.length === 0) return []
  // Arrays of arrays must be rectangular in PostgreSQL, so tags travel joined by the comma that no tag holds.
  const { rows } = await client.query<{ id: number; identity: string }>(
    `insert into series (identity, metric, tags, kind, interval_s, newest_day)
     select decode(identity, 'hex'), metric, string_to_array(tags, ','), kind, interval_s, newest_day
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::integer[])
       as pushed (identity, metric, tags, kind, interval_s, newest_day)
     on conflict (identity) do update
       set kind = excluded.kind, interval_s = excluded.interval_s, newest_day = greatest(series.newest_day, excluded.newest_day)
     returning id, encode(identity, 'hex') as identity`,
    [
      series.map((one) => one.identity),
      series.map((one) => one.source.metric),
      series.map((one) => one.source.tags.join(',')),
      series.map((one) => one.source.kind),
      series.map((one) => one.source.intervalS),
      series.map((one) => one.newestDay),
    ],
  )
  return rows
}

async function ensureDays(client: Client, days: readonly number[]): Promise<void> {
  await client.query('select ensure_points_day(day) from unnest($1::integer[]) as day', [days])
}

async function upsertPoints(client: Client, points: readonly MergedPoint[], ids: ReadonlyMap<string, number>): Promise<void> {
  await client.query(
    `insert into points (series_id, at_ms, value)
     select series_id, at_ms, value from unnest($1::bigint[], $2::bigint[], $3::float8[]) as pushed (series_id, at_ms, value)
     on conflict (series_id, at_ms) do update set value = excluded.value`,
    [points.map((point) => ids.get(point.identity)), points.map((point) => point.atMs), points.map((point) => point.value)],
  )
}
