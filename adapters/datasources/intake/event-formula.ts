/**
 * Formulas over counts of events: `formula("errors / all * 100").last("5m")`. Each variable has one value per group and window, and the
 * engine that computes metric queries puts them together, over windows instead of buckets.
 * Read next: events.ts, core/query/evaluate/expression.ts.
 */
import { type SlotReadings, SourceError, type SourceQuery } from '../../../activities/ports.ts'
import type { IntakeDays } from '../../../core/intake-days.ts'
import { evaluate } from '../../../core/query/evaluate/expression.ts'
import { Impossible } from '../../../core/query/evaluate/impossible.ts'
import { methodOf } from '../../../core/query/event-language.ts'
import type { EventQuery } from '../../../core/query/event-nodes.ts'
import { expressionOf } from '../../../core/query/formula-metric.ts'
import type { FormulaQuery } from '../../../core/query/formula-nodes.ts'
import { variablesIn } from '../../../core/query/formula-parse.ts'
import { type Frame, frameOf, type Span } from '../../../core/query/frame.ts'
import type { Expression } from '../../../core/query/metric-nodes.ts'
import { readVariables, type Variable } from '../../../core/query/variables.ts'
import type { Pool } from '../../postgres/pool.ts'
import { eventReadings } from './events.ts'

/** Windows of one question, as slots of a question are: functions that look back ask for some more of them. */
const windowsMax = 5_000

/** Lengths of windows: the formula's own, and those that functions look at. */
type Wanted = Map<string, Readonly<{ name: string; windowMs: number; ends: Set<number> }>>

export async function formulaReadings(pool: Pool, query: FormulaQuery, source: SourceQuery, kept: IntakeDays): Promise<SlotReadings[]> {
  const { variables } = readVariables(source.variables)
  const leaves = leavesOf(query, variables)
  const expression = expressionOf(query.of, variables)
  const spans = source.slots.map((slot): Span => ({ toMs: slot - source.delayMs, stepMs: query.windowMs, length: 1 }))
  const wanted: Wanted = new Map()
  // Once without any data, to learn what is looked at.
  for (const span of spans) compute(expression, span, (name, run) => noted(wanted, name, run))
  const values = new Map<string, Readonly<Record<string, number>>>()
  for (const { name, windowMs, ends } of wanted.values()) {
    const leaf = leaves.get(name)
    if (leaf === undefined) throw new SourceError('bad-query', `the formula names ${name}, which is not among the variables`)
    if (ends.size > windowsMax)
      throw new SourceError('bad-query', `the formula looks at ${ends.size} windows, at most ${windowsMax} are possible`)
    const slots = [...ends].sort((a, b) => a - b)
    const readings = await eventReadings(pool, { ...leaf, windowMs }, { ...source, slots, delayMs: 0 }, kept)
    for (const reading of readings) values.set(keyOf(name, windowMs, reading.slot), reading.values)
  }
  const counted = countsIn(leaves)
  return source.slots.map((slot, n) => {
    const span = spans[n]
    if (span === undefined) return { slot, values: {} }
    const frame = compute(expression, span, (name, run) => frameOver(run, name, values, counted))
    const found = Object.entries(frame.series).flatMap(([group, [value = null]]) => (value === null ? [] : [[group, value] as const]))
    return { slot, values: Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, source.groupsMax)) }
  })
}

function leavesOf(query: FormulaQuery, variables: readonly Variable[]): ReadonlyMap<string, EventQuery> {
  if (query.calendar !== null || query.detect !== null) throw new SourceError('bad-query', 'formulas over events have windows that end now')
  const { windowMs, windowText, comparator, threshold } = query
  const used = new Set(variablesIn(query.of))
  const leaves = variables
    .filter(({ name }) => used.has(name))
    .map((variable): readonly [string, EventQuery] => {
      if (variable.kind !== 'event') throw new SourceError('bad-query', `the variable ${variable.name} is not about events`)
      const { name, dataSource, search, indexes, measure, by } = variable
      if (dataSource !== 'logs' && dataSource !== 'events') {
        throw new SourceError('bad-query', `no source has ${dataSource}: the intake takes logs and events`)
      }
      const method = methodOf(variable.aggregation)
      if (method === null) throw new SourceError('bad-query', `the variable ${name} can’t be aggregated by ${variable.aggregation}`)
      const common = { windowMs, windowText, comparator, threshold, issues: null }
      return [name, { kind: 'event', source: dataSource, search, indexes, method, measure, by, ...common }]
    })
  return new Map(leaves)
}

function compute(expression: Expression, span: Span, read: (name: string, run: Span) => Frame): Frame {
  try {
    return evaluate(expression, span, ({ metric }, run) => read(metric, run))
  } catch (error) {
    if (error instanceof Impossible) throw new SourceError('bad-query', error.message, { cause: error })
    throw error
  }
}

function noted(wanted: Wanted, name: string, run: Span): Frame {
  const key = `${name} ${run.stepMs}`
  const { ends } = wanted.get(key) ?? { ends: new Set<number>() }
  wanted.set(key, { name, windowMs: run.stepMs, ends })
  for (const end of endsOf(run)) ends.add(end)
  return frameOf(run, {})
}

/** Oldest first. */
function endsOf({ toMs, stepMs, length }: Span): number[] {
  return Array.from({ length }, (_, index) => toMs - (length - 1 - index) * stepMs)
}

function keyOf(name: string, windowMs: number, end: number): string {
  return `${name} ${windowMs} ${end}`
}

type Counted = ReadonlyMap<string, readonly string[]>

/** For each variable that counts, those whose groups are the same: what one of them finds and another doesn't is 0 there. */
function countsIn(leaves: ReadonlyMap<string, EventQuery>): Counted {
  const keys = (leaf: EventQuery): string => [...leaf.by].sort().join('\n')
  const counting = [...leaves].filter(([, { method }]) => method === 'count' || method === 'cardinality')
  return new Map(
    counting.map(([name, leaf]) => [name, [...leaves].filter(([, other]) => keys(other) === keys(leaf)).map(([other]) => other)]),
  )
}

function frameOver(run: Span, name: string, values: ReadonlyMap<string, Readonly<Record<string, number>>>, counted: Counted): Frame {
  const ends = endsOf(run)
  const at = (variable: string, end: number): Readonly<Record<string, number>> => values.get(keyOf(variable, run.stepMs, end)) ?? {}
  const alike = counted.get(name)
  const groups = new Set(ends.flatMap((end) => (alike ?? [name]).flatMap((variable) => Object.keys(at(variable, end)))))
  const missing = alike === undefined ? null : 0
  return frameOf(run, Object.fromEntries([...groups].sort().map((group) => [group, ends.map((end) => at(name, end)[group] ?? missing)])))
}
