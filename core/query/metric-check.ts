/**
 * What a grammar can't say about a metric query: bounds, and which parts go together. Nothing is stored before it holds.
 * Never throws: what is wrong is a sentence with its place. Read next: metric-calls.ts, functions.ts, metric-windows.ts.
 */
import { assertNever } from '../assert.ts'
import type { Scope } from '../monitor/types.ts'
import { checkCall } from './metric-calls.ts'
import { canJoin, groupKeysOf } from './metric-groups.ts'
import type { ArithmeticExpression, Expression, MetricQuery, SeriesExpression } from './metric-nodes.ts'
import { checkShift, checkWindow } from './metric-windows.ts'
import type { Places } from './places.ts'

/** Something wrong with a well-formed query. `offset` where its text is known. */
export type QueryIssue = Readonly<{ message: string; offset: number | null }>

/** Series of one query at most: each is asked for on its own. The longest in public use has 9. */
export const seriesMax = 50
/** Group keys at most: each one multiplies the groups. */
export const groupKeysMax = 20
/** Filter terms at most: each one is a condition of the source's query. */
export const filterTermsMax = 100
/** Characters of a metric name or tag at most, as the intake takes them. */
export const nameCharsMax = 200

/** Everything that is wrong; empty = nothing is. */
export function checkMetric(query: MetricQuery, places: Places = new Map()): QueryIssue[] {
  const issue = (message: string, of: object): QueryIssue => ({ message, offset: places.get(of)?.[0] ?? null })
  const { over, of, threshold } = query
  const window = checkWindow(over)
  const shift = over.change === null ? null : checkShift(over.change)
  const series = countSeries(of)
  return [
    ...(window === null ? [] : [issue(window, over)]),
    ...(shift === null ? [] : [issue(shift, over.change ?? over)]),
    ...checkPercentile(query).map((message) => issue(message, over)),
    ...(series === 0 ? [issue('there is no metric in this query', of)] : []),
    ...(series > seriesMax ? [issue(`a query has at most ${seriesMax} series`, of)] : []),
    ...checkExpression(of, places),
    ...checkOutermost(query).map((message) => issue(message, of)),
    ...(Number.isFinite(threshold) ? [] : [issue('the threshold is too large a number', query)]),
  ]
}

/** Expressions in metric queries and in variables of formulas alike. */
export function checkExpression(of: Expression, places: Places, isOutermost = true): QueryIssue[] {
  switch (of.kind) {
    case 'series':
      return checkSeries(of, places)
    case 'number':
      return Number.isFinite(of.value) ? [] : [{ message: 'the number is too large', offset: places.get(of)?.[0] ?? null }]
    case 'negative':
      return checkExpression(of.of, places, false)
    case 'arithmetic':
      return [...checkExpression(of.left, places, false), ...checkJoin(of, places), ...checkExpression(of.right, places, false)]
    case 'call':
      return [...checkCall(of, groupKeysOf(of.of), isOutermost, places), ...checkExpression(of.of, places, false)]
    default:
      return assertNever(of)
  }
}

function checkSeries(of: SeriesExpression, places: Places): QueryIssue[] {
  const { aggregator, metric, filter, by } = of
  const issues: QueryIssue[] = []
  const offset = places.get(of)?.[0] ?? null
  if (typeof aggregator === 'object' && !(aggregator.percentile > 0 && aggregator.percentile <= 100)) {
    issues.push({ message: 'a percentile lies above 0 and is 100 at the most', offset })
  }
  if (metric.length > nameCharsMax) issues.push({ message: `a metric name has at most ${nameCharsMax} characters`, offset })
  const unfilled = unfilledIn(filter)
  if (unfilled !== null) issues.push({ message: `a monitor has no template variables: write the value instead of ${unfilled}`, offset })
  if (countTerms(filter) > filterTermsMax) issues.push({ message: `a filter has at most ${filterTermsMax} terms`, offset })
  if (by.length > groupKeysMax) {
    issues.push({ message: `at most ${groupKeysMax} keys to group by`, offset: places.get(by)?.[groupKeysMax] ?? null })
  }
  by.forEach((key, index) => {
    if (by.indexOf(key) < index) issues.push({ message: `the group key ${key} stands twice`, offset: places.get(by)?.[index] ?? null })
  })
  return issues
}

function checkJoin(of: ArithmeticExpression, places: Places): QueryIssue[] {
  const [left, right] = [groupKeysOf(of.left), groupKeysOf(of.right)]
  if (canJoin(left, right)) return []
  const message = `the left side of ${of.operator} is grouped by ${left.join(', ')} and the right side by ${right.join(', ')}: use the same keys, or on one side some of the other’s`
  return [{ message, offset: places.get(of)?.[0] ?? null }]
}

/** What the outermost function asks of the window and of the comparison. */
function checkOutermost({ over, of, comparator, threshold }: MetricQuery): string[] {
  const name = of.kind === 'call' ? of.name : null
  if (over.ahead && name !== 'forecast') return [`${over.windowText} looks ahead: only forecast() can`]
  if (name === 'forecast' && !over.ahead) return ['forecast() needs a window ahead, such as max(next_1w)']
  if (name !== 'anomalies' && name !== 'outliers' && name !== 'forecast') return []
  const isShare = name !== 'forecast' && (threshold < 0 || threshold > 1 || !comparator.startsWith('>'))
  return [
    ...(over.change === null ? [] : [`${over.change.kind}() can’t be used with ${name}()`]),
    ...(isShare ? [`${name}() gives values between 0 and 1: compare it with > or >= and such a number`] : []),
  ]
}

/** percentile(last_5m):p95:… has its percentile from the series. */
function checkPercentile({ over, of }: MetricQuery): string[] {
  if (typeof over.aggregator !== 'object') return []
  const found = [...new Set(percentilesIn(of))]
  const usage = 'as in percentile(last_5m):p95:metric{*}'
  if (found.length === 0) return [`percentile() needs series with a percentile, ${usage}`]
  if (found.length > 1) return [`percentile() needs the same percentile in all series, ${usage}`]
  return found[0] === over.aggregator.percentile ? [] : [`percentile() is of another percentile than its series, ${usage}`]
}

export function percentilesIn(of: Expression): number[] {
  switch (of.kind) {
    case 'series':
      return typeof of.aggregator === 'object' ? [of.aggregator.percentile] : []
    case 'number':
      return []
    case 'negative':
    case 'call':
      return percentilesIn(of.of)
    case 'arithmetic':
      return [...percentilesIn(of.left), ...percentilesIn(of.right)]
    default:
      return assertNever(of)
  }
}

function countSeries(of: Expression): number {
  switch (of.kind) {
    case 'series':
      return 1
    case 'number':
      return 0
    case 'negative':
    case 'call':
      return countSeries(of.of)
    case 'arithmetic':
      return countSeries(of.left) + countSeries(of.right)
    default:
      return assertNever(of)
  }
}

/** `$env`, or `env:$env`: nobody fills it in. */
function unfilledIn(filter: Scope): string | null {
  switch (filter.kind) {
    case 'all':
      return null
    case 'tag':
      return [filter.key, filter.value].find((text) => text?.startsWith('$')) ?? null
    case 'not':
      return unfilledIn(filter.of)
    case 'and':
    case 'or':
      return filter.of.map(unfilledIn).find((found) => found !== null) ?? null
    default:
      return assertNever(filter)
  }
}

function countTerms(filter: Scope): number {
  switch (filter.kind) {
    case 'all':
      return 0
    case 'tag':
      return 1
    case 'not':
      return countTerms(filter.of)
    case 'and':
    case 'or':
      return filter.of.reduce((count, part) => count + countTerms(part), 0)
    default:
      return assertNever(filter)
  }
}
