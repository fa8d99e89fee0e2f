/**
 * `sql alert` on any PostgreSQL: one statement whose rows are groups; the column `value` (or the only number) is the value, the others are
 * tags. A statement that names `$__slot` can be asked about the past; another only about now.
 * Read next: run.ts, statement.ts.
 */
import { type SlotReadings, SourceError, type SourceQuery } from '../../../activities/ports.ts'
import type { SourceOf } from '../../../contract/source.ts'
import { groupKey } from '../../../core/monitor/group.ts'
import type { SqlQuery } from '../../../core/query/our-nodes.ts'
import { parseSql } from '../../../core/query/sql-language.ts'
import type { SourceMetrics } from '../../../telemetry/source-metrics.ts'
import type { Guard } from '../../http/guard.ts'
import type { OpenSource } from '../directory.ts'
import { type Polite, polite } from '../polite/polite.ts'
import { type Column, type Rows, run } from './run.ts'
import { statementOf } from './statement.ts'

export type PostgresOptions = Readonly<{ guard: Guard | null; metrics: SourceMetrics; clock: () => number }>

/** A slot this late is still now: half of the shortest time between two evaluations that people commonly ask for. */
const lateMaxMs = 30_000
/** What a group's key holds of a tag. */
const tagCharsMax = 200

export function postgresSource(source: SourceOf<'postgres'>, { guard, metrics, clock }: PostgresOptions): OpenSource {
  const { name, config } = source
  const asked = polite<Rows>({ name, limits: config.limits, metrics, clock, weigh })
  const answer = async (question: SourceQuery, sql: SqlQuery, slot: number): Promise<SlotReadings> => {
    const { text, namesSlot } = statementOf(sql.statement, question.groupsMax + 1)
    if (!namesSlot && clock() - slot > lateMaxMs)
      return { slot, values: {}, skipped: 'the statement doesn’t name $__slot: it can only be asked about now' }
    const time = slot - question.delayMs
    const values = namesSlot ? [new Date(time)] : []
    const rows = await ask(asked, { guard, source }, { text, values }, slot, question.timeoutMs)
    return { slot, values: valuesOf(rows, question.groupsMax), sent: sql.statement }
  }
  return {
    condition: asked.condition,
    close: async () => {},
    source: {
      types: ['sql alert'],
      query: async (question) => {
        const sql = sqlOf(question)
        return Promise.all(question.slots.map((slot) => answer(question, sql, slot)))
      },
    },
  }
}

function ask(
  asked: Polite<Rows>,
  options: Parameters<typeof run>[0],
  statement: Parameters<typeof run>[1],
  slot: number,
  timeoutMs: number,
): Promise<Rows> {
  return asked.ask(`${slot} ${statement.values.join()} ${statement.text}`, timeoutMs, (leftMs) => run(options, statement, leftMs))
}

function sqlOf(question: SourceQuery): SqlQuery {
  const parsed = parseSql(question.query)
  if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
  return parsed.query
}

/** Throws a SourceError where the rows are no groups with values. */
export function valuesOf({ columns, rows }: Rows, groupsMax: number): Record<string, number> {
  const place = valuePlace(columns)
  const found = new Map<string, number>()
  for (const row of rows) {
    const tags = columns.flatMap(({ name }, index) =>
      index === place ? [] : [[name, (row[index] ?? 'N/A').slice(0, tagCharsMax)] as const],
    )
    const group = groupKey(Object.fromEntries(tags))
    const value = numberOf(row[place] ?? null, columns[place]?.name ?? '')
    if (value === null) continue
    if (found.has(group)) throw new SourceError('bad-query', `${group}: several rows have these values: group by all columns but the value`)
    found.set(group, value)
  }
  const sorted = [...found].sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(sorted.slice(0, groupsMax))
}

/** boolean, and the numbers: int8, int2, int4, float4, float8, numeric. */
const numberTypes: ReadonlySet<number> = new Set([16, 20, 21, 23, 700, 701, 1700])

function valuePlace(columns: readonly Column[]): number {
  const named = columns.findIndex(({ name }) => name === 'value')
  if (named >= 0) return named
  const numbers = columns.flatMap(({ type }, index) => (numberTypes.has(type) ? [index] : []))
  const [first] = numbers
  if (first === undefined || numbers.length > 1)
    throw new SourceError('bad-query', 'name one column "value": it is compared, the others are tags')
  return first
}

/** null = no data: NULL, NaN, infinities. */
function numberOf(text: string | null, column: string): number | null {
  if (text === null) return null
  if (text === 't' || text === 'f') return text === 't' ? 1 : 0
  if (text === 'NaN' || text.endsWith('Infinity')) return null
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new SourceError('bad-query', `the column ${column} holds ${JSON.stringify(text.slice(0, 40))}, which is no number`)
}

function weigh({ rows, columns }: Rows): number {
  return rows.length * columns.length * 50
}
