/**
 * A formula with its variables put in: what it is grouped by, what is wrong with it, and where all of them are metrics,
 * the metric query that it is. Read next: variables.ts, metric-check.ts.
 */
import { assertNever } from '../assert.ts'
import type { FormulaExpression, FormulaQuery } from './formula-nodes.ts'
import { variablesIn } from './formula-parse.ts'
import { checkExpression, checkMetric } from './metric-check.ts'
import { groupKeysOf } from './metric-groups.ts'
import type { Expression, MetricQuery } from './metric-nodes.ts'
import type { Variable } from './variables.ts'

/** null where some variable isn't about metrics, or isn't there. */
export function metricOf(query: FormulaQuery, variables: readonly Variable[]): MetricQuery | null {
  const used = variablesIn(query.of).map((name) => variables.find((variable) => variable.name === name))
  if (query.detect !== null || used.some((variable) => variable?.kind !== 'metric')) return null
  const { windowMs, calendar, rollup, comparator, threshold } = query
  const windowText = `${calendar === null ? 'last' : 'current'}_${query.windowText}`
  const over = { aggregator: rollup ?? 'avg', windowMs, calendar, windowText, ahead: false, change: null } as const
  return { kind: 'metric', over, of: expressionOf(query.of, variables), comparator, threshold }
}

/** Keys of the groups; null where a variable doesn't say. */
export function formulaKeysOf(query: FormulaQuery, variables: readonly Variable[]): readonly string[] | null {
  if (query.by.length > 0) return query.by
  const known = variablesIn(query.of).every((name) => variables.some((variable) => variable.name === name))
  return known ? groupKeysOf(expressionOf(query.of, variables)) : null
}

/** Everything that is wrong between the formula and its variables, as sentences. */
export function checkFormula(query: FormulaQuery, variables: readonly Variable[]): string[] {
  const missing = variablesIn(query.of).filter((name) => variables.every((variable) => variable.name !== name))
  if (missing.length > 0) {
    const known = variables.length === 0 ? 'there are none' : `there are ${variables.map(({ name }) => name).join(', ')}`
    return missing.map((name) => `the formula names ${name}, which is not among options.variables: ${known}`)
  }
  const metric = metricOf(query, variables)
  // Keys of other kinds may be joined in ways that only their source knows.
  const isKnown = variables.every(({ kind }) => kind !== 'other')
  const issues = metric === null ? (isKnown ? checkExpression(expressionOf(query.of, variables), new Map()) : []) : checkMetric(metric)
  return issues.map(({ message }) => `formula: ${message}`)
}

/** What isn't a metric is put in as a series with the variable's name and keys: enough to know its groups, and to compute with its values. */
export function expressionOf(of: FormulaExpression, variables: readonly Variable[]): Expression {
  switch (of.kind) {
    case 'variable':
      return variableOf(variables.find(({ name }) => name === of.name) ?? { kind: 'other', name: of.name, dataSource: '', by: [] })
    case 'number':
      return of
    case 'negative':
      return { ...of, of: expressionOf(of.of, variables) }
    case 'arithmetic':
      return { ...of, left: expressionOf(of.left, variables), right: expressionOf(of.right, variables) }
    case 'call':
      return { ...of, of: expressionOf(of.of, variables) }
    default:
      return assertNever(of)
  }
}

function variableOf(variable: Variable): Expression {
  if (variable.kind === 'metric') return variable.of
  const { name, by } = variable
  return {
    kind: 'series',
    aggregator: 'avg',
    metric: name,
    filter: { kind: 'all' },
    by,
    as: null,
    rollup: null,
    fill: null,
    weighted: false,
  }
}
