/**
 * Metric monitors over the points that clients pushed, in PostgreSQL. Each slot is answered as of itself: points up to
 * slot − delay count, however late the question comes.
 * Never answers from a part of the data: it fails as a whole, with a SourceError. Read next: intake-sql.ts, buckets.ts, calendar.ts.
 */
import { type Datasource, type SlotReadings, SourceError, type SourceFailureCode, type SourceQuery } from '../../activities/ports.ts'
import { retentionDays } from '../../contract/series.ts'
import { groupKey } from '../../core/monitor/group.ts'
import { parseQuery } from '../../core/query/parse.ts'
import { type PlainSeries, plainSeries } from '../../core/query/plain.ts'
import type { Pool } from '../postgres/pool.ts'
import { bucketLengthMs, planBuckets, type Window } from './buckets.ts'
import { windowStart } from './calendar.ts'
import { readingsSql } from './intake-sql.ts'

/** Slots of one question at most: a batch of catching up has 60. */
const slotsMax = 1_000
const retentionMs = retentionDays * 86_400_000

export function intakeDatasource(pool: Pool): Datasource {
  return {
    types: ['metric alert', 'query alert'],
    query: async (source) => {
      const query = metricOf(source)
      if (source.slots.length === 0) return []
      const keys = [...query.by].sort()
      const windows = windowsOf(query, source)
      const rows = await ask(pool, query, keys, windows, source)
      const readings = readingsOf(source, keys, rows)
      return query.calendar === null ? readings : readings.map((reading, n) => ({ ...reading, ...beginOf(windows[n]) }))
    },
  }
}

type Row = Readonly<{ n: number; tags: readonly string[]; value: number; full: boolean }>

function metricOf(source: SourceQuery): PlainSeries {
  const parsed = parseQuery(source.type, source.query)
  if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
  const { query } = parsed
  if (query.kind !== 'metric') throw new SourceError('bad-query', `a query of the kind ${query.kind} is not about metrics`)
  const plain = plainSeries(query)
  if (plain === null) throw new SourceError('bad-query', "functions, arithmetic and more than one series can't be evaluated yet")
  if (source.slots.length > slotsMax) throw new SourceError('bad-query', `${source.slots.length} slots at once, at most ${slotsMax}`)
  return plain
}

/** What each slot sees, in the order of slots. */
function windowsOf(query: PlainSeries, { slots, delayMs, calendar }: SourceQuery): Window[] {
  return slots.map((slot) => {
    const toMs = slot - delayMs
    const fromMs = query.calendar === null ? toMs - query.windowMs : windowStart(query.calendar, calendar, toMs)
    if (slot - fromMs <= retentionMs) return { fromMs, toMs }
    throw new SourceError('bad-query', `${query.windowText} reaches back further than points are kept (${retentionDays} days)`)
  })
}

function beginOf(window: Window | undefined): Pick<SlotReadings, 'windowFromMs'> {
  return window === undefined ? {} : { windowFromMs: window.fromMs }
}

async function ask(
  pool: Pool,
  query: PlainSeries,
  keys: readonly string[],
  windows: readonly Window[],
  source: SourceQuery,
): Promise<readonly Row[]> {
  const buckets = planBuckets(bucketLengthMs(query.windowMs), windows)
  const { text, values } = readingsSql(query, keys, buckets, source.groupsMax)
  // The driver gives up the connection at this time; the server ends the statement at the pool's statement_timeout.
  const statement = { text, values, query_timeout: source.timeoutMs }
  try {
    return (await pool.query<Row>(statement)).rows
  } catch (error) {
    throw sourceError(error)
  }
}

/** Rows come in the order of slots and groups. */
function readingsOf({ slots, requireFullWindow }: SourceQuery, keys: readonly string[], rows: readonly Row[]): SlotReadings[] {
  const found = slots.map((slot): Found => ({ slot, values: [], partial: [] }))
  for (const row of rows) {
    const group = groupKey(Object.fromEntries(keys.map((key, index) => [key, row.tags[index] ?? ''])))
    if (row.full || !requireFullWindow) found[row.n]?.values.push([group, row.value])
    else found[row.n]?.partial.push(group)
  }
  return found.map(({ slot, values, partial }) => ({
    slot,
    values: Object.fromEntries(values),
    ...(partial.length === 0 ? {} : { partial: partial.sort() }),
  }))
}

type Found = Readonly<{ slot: number; values: [string, number][]; partial: string[] }>

function sourceError(error: unknown): SourceError {
  const message = error instanceof Error ? error.message : String(error)
  return new SourceError(codeOf(error, message), `PostgreSQL: ${message}`, { cause: error })
}

function codeOf(error: unknown, message: string): SourceFailureCode {
  const state = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  // 57014: statement_timeout. The driver's own time-out has no code.
  if (state === '57014' || message.toLowerCase().includes('query read timeout')) return 'timeout'
  if (state.startsWith('53') || state.startsWith('28')) return 'refused'
  // What PostgreSQL itself says about the statement has five characters; sockets and the pool speak otherwise.
  return /^[0-9A-Z]{5}$/.test(state) && !/^(08|57)/.test(state) ? 'bad-reply' : 'unreachable'
}
