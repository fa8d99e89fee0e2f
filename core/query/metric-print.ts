/** The one canonical text of metric queries and formulas: parsing it gives the same nodes. Read next: metric-nodes.ts, formula-nodes.ts. */
import { assertNever } from '../assert.ts'
import type { FormulaExpression, FormulaQuery } from './formula-nodes.ts'
import { functionNamed } from './functions.ts'
import type { Argument, Expression, MetricQuery, Over, SeriesExpression, SpaceAggregator } from './metric-nodes.ts'
import { printScope } from './scope.ts'

export function printMetric({ over, of, comparator, threshold }: MetricQuery): string {
  return `${printOver(over)}:${printExpression(of)} ${comparator} ${threshold}`
}

export function printFormula({ of, rollup, by, calendar, windowText, detect, comparator, threshold }: FormulaQuery): string {
  const rolledUp = rollup === null ? '' : `.rollup("${rollup}")`
  const grouped = by.length === 0 ? '' : `.by("${by.join(',')}")`
  const window = `.${calendar === null ? 'last' : 'current'}("${windowText}")`
  const detected = detect === null ? '' : `.${detect.name}(${detect.args.map(printArgument).join(', ')})`
  return `formula("${printExpression(of)}")${rolledUp}${grouped}${window}${detected} ${comparator} ${threshold}`
}

/** Of a series: it alone is a query, too. */
export function printExpression(of: Expression | FormulaExpression): string {
  switch (of.kind) {
    case 'series':
      return printSeries(of)
    case 'variable':
      return of.name
    case 'number':
      return String(of.value)
    case 'negative':
      return `-${bracketed(of.of, of.of.kind === 'arithmetic' || of.of.kind === 'negative' || of.of.kind === 'number')}`
    case 'arithmetic': {
      const { left, operator, right } = of
      const isProduct = operator === '*' || operator === '/'
      const onLeft = bracketed(left, isProduct && isSum(left))
      return `${onLeft} ${operator} ${bracketed(right, isProduct ? right.kind === 'arithmetic' : isSum(right))}`
    }
    case 'call':
      return printCall(of)
    default:
      return assertNever(of)
  }
}

function isSum(of: Expression | FormulaExpression): boolean {
  return of.kind === 'arithmetic' && (of.operator === '+' || of.operator === '-')
}

function bracketed(of: Expression | FormulaExpression, needed: boolean): string {
  return needed ? `(${printExpression(of)})` : printExpression(of)
}

function printCall({ name, of, args }: Readonly<{ name: string; of: Expression | FormulaExpression; args: readonly Argument[] }>): string {
  const keyed = functionNamed(name)?.groups === 'keys' && args.length > 0
  const rest = keyed ? [`{${args.map(({ value }) => value).join(',')}}`] : args.map(printArgument)
  return `${name}(${[printExpression(of), ...rest].join(', ')})`
}

/** In single quotes where that is possible: formulas are in double ones. */
function printArgument({ name, value }: Argument): string {
  const quote = String(value).includes("'") ? '"' : "'"
  const text = typeof value === 'number' ? String(value) : `${quote}${value}${quote}`
  return name === null ? text : `${name}=${text}`
}

function printOver({ aggregator, windowText, change }: Over): string {
  const plain = `${typeof aggregator === 'string' ? aggregator : 'percentile'}(${windowText})`
  return change === null ? plain : `${change.kind}(${plain},${change.shiftText})`
}

function printSeries({ aggregator, metric, filter, by, as, rollup, fill, weighted }: SeriesExpression): string {
  const grouped = by.length === 0 ? '' : ` by {${by.join(',')}}`
  const counted = as === null ? '' : `.as_${as}()`
  const seconds = (ms: number | null): string[] => (ms === null ? [] : [String(ms / 1_000)])
  const rolledUp =
    rollup === null ? '' : `.rollup(${[...(rollup.method === null ? [] : [rollup.method]), ...seconds(rollup.ms)].join(', ')})`
  const filled = fill === null ? '' : `.fill(${[fill.method, ...seconds(fill.limitMs)].join(', ')})`
  return `${printAggregator(aggregator)}:${metric}{${printScope(filter)}}${grouped}${counted}${rolledUp}${filled}${weighted ? '.weighted()' : ''}`
}

function printAggregator(aggregator: SpaceAggregator): string {
  return typeof aggregator === 'string' ? aggregator : `p${aggregator.percentile}`
}
