/**
 * Whether a definition makes sense as a whole: its query, and its options against the query and each other.
 * Never changes it. A query in a language that nothing evaluates yet is fine; one that is wrong is not.
 * Read next: thresholds.ts, core/query/parse.ts.
 */
import { factsOf } from '../core/query/facts.ts'
import { checkFormula } from '../core/query/formula-metric.ts'
import { comparisonOf, type Query } from '../core/query/nodes.ts'
import { parseQuery } from '../core/query/parse.ts'
import { readVariables } from '../core/query/variables.ts'
import { checkMessages } from './check-message.ts'
import { checkQueryOptions } from './check-query-options.ts'
import type { MonitorDefinition } from './monitor.ts'
import type { MonitorOptions } from './options.ts'
import { checkThresholds, comparisonOf as comparisonIn } from './thresholds.ts'

/** Everything that is wrong, as sentences; empty = nothing is. */
export function checkDefinition(definition: MonitorDefinition): string[] {
  const parsed = parseQuery(definition.type, definition.query)
  if (parsed.kind === 'invalid') return [`query: ${parsed.error.message}`]
  const comparison = parsed.ok ? comparisonOf(parsed.query) : comparisonIn(definition.query)
  return [
    ...(comparison === null ? [] : checkThresholds(definition.options.thresholds ?? {}, comparison)),
    ...checkMissingData(definition.options),
    ...checkFlapping(definition.options),
    ...checkMessages(definition).errors,
    ...(parsed.ok
      ? [
          ...checkVariables(parsed.query, definition.options.variables),
          ...checkNotifyBy(definition.options, factsOf(parsed.query, definition.options.variables).groupBy),
          ...checkQueryOptions(parsed.query, definition.query, definition.options),
        ]
      : []),
  ]
}

/** A formula is as good as what it names. */
function checkVariables(query: Query, options: unknown): string[] {
  if (query.kind !== 'formula') return []
  const { variables, issues } = readVariables(options)
  if (issues.length > 0) return issues.map(({ path, message }) => `options.variables.${path}: ${message}`)
  return checkFormula(query, variables).map((message) => `query: ${message}`)
}

/** A bundle has the values of some keys in common: only what the query groups by has any. null = only the source's answer tells. */
function checkNotifyBy({ notify_by: keys }: MonitorOptions, by: readonly string[] | null): string[] {
  if (by === null || (keys?.length === 1 && keys[0] === '*')) return []
  const unknown = (keys ?? []).filter((key) => !by.includes(key))
  const groups = by.length === 0 ? 'the query groups by nothing' : `the query groups by ${by.join(', ')}`
  return unknown.map((key) => `options.notify_by: ${JSON.stringify(key)} makes no bundles, ${groups}: use some of its keys, or only "*"`)
}

/** The last 21 of a schedule's runs are three weeks: nothing that anybody means by flapping. */
function checkFlapping({ flapping, scheduling_options: scheduling }: MonitorOptions): string[] {
  const hasSchedule = (scheduling?.custom_schedule?.recurrences ?? []).length > 0
  return hasSchedule && flapping !== undefined && flapping !== null
    ? ['options.flapping can’t stand beside a custom_schedule, which is evaluated once a day at most']
    : []
}

function checkMissingData(options: MonitorOptions): string[] {
  if (options.on_missing_data === undefined) return []
  const older = [
    ...(options.notify_no_data === true ? ['notify_no_data'] : []),
    ...(typeof options.no_data_timeframe === 'number' ? ['no_data_timeframe'] : []),
  ]
  return older.map((name) => `options.${name} can’t stand beside options.on_missing_data: use one or the other`)
}
