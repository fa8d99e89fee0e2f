/** What a grammar can't say about a query: bounds and repetitions. Read next: parse.ts. */
import { assertNever } from '../assert.ts'
import type { HttpQuery, MetricQuery, Query } from './nodes.ts'

/** Something wrong with a well-formed query. `offset` where its text is known. */
export type QueryIssue = Readonly<{ message: string; offset: number | null }>

/** Where the parts stood in the text. */
export type Offsets = Readonly<{ window?: number; by?: readonly number[]; threshold?: number; url?: number }>

/** Group keys at most: each one multiplies the groups. */
export const groupKeysMax = 20
/** Filter terms at most: each one is a condition of the SQL. */
export const filterTermsMax = 100
/** Characters of a metric name or tag at most, as the intake takes them. */
export const nameCharsMax = 200
/** Characters of a URL at most: what servers commonly take. */
export const urlCharsMax = 2_048

/** The most that may stand before each unit; a month is the longest window there is. */
const countMax = { m: 10_080, h: 744, d: 31, w: 4, mo: 1 } as const
const monthMs = 30 * 86_400_000

/** Everything that is wrong, in the order of the text; empty = nothing is. */
export function checkQuery(query: Query, offsets: Offsets = {}): QueryIssue[] {
  switch (query.kind) {
    case 'metric':
      return [...checkWindow(query, offsets), ...checkSeries(query, offsets), ...checkThreshold(query, offsets)]
    case 'http':
      return [...checkUrl(query, offsets), ...checkThreshold(query, offsets)]
    default:
      return assertNever(query)
  }
}

function checkWindow(query: MetricQuery, offsets: Offsets): QueryIssue[] {
  const offset = offsets.window ?? null
  const match = /^last_(\d+)(mo|[mhdw])$/.exec(query.windowText)
  const unit = unitOf(match?.[2])
  if (match === null || unit === null) return [{ message: `${query.windowText} is not a window`, offset }]
  const count = Number(match[1])
  if (count < 1 || count > countMax[unit]) {
    return [{ message: `the window ${query.windowText} is out of bounds: last_1${unit} to last_${countMax[unit]}${unit}`, offset }]
  }
  if (query.windowMs < 60_000 || query.windowMs > monthMs + 86_400_000) return [{ message: `a window is a minute to a month`, offset }]
  return []
}

function checkSeries(query: MetricQuery, offsets: Offsets): QueryIssue[] {
  const issues: QueryIssue[] = []
  if (query.metric.length > nameCharsMax) issues.push({ message: `a metric name has at most ${nameCharsMax} characters`, offset: null })
  if (query.filter.length > filterTermsMax) issues.push({ message: `a filter has at most ${filterTermsMax} terms`, offset: null })
  if (query.by.length > groupKeysMax)
    issues.push({ message: `at most ${groupKeysMax} keys to group by`, offset: offsets.by?.[groupKeysMax] ?? null })
  query.by.forEach((key, index) => {
    if (query.by.indexOf(key) < index) issues.push({ message: `the group key ${key} stands twice`, offset: offsets.by?.[index] ?? null })
  })
  return issues
}

function checkThreshold(query: Query, offsets: Offsets): QueryIssue[] {
  return Number.isFinite(query.threshold) ? [] : [{ message: 'the threshold is too large a number', offset: offsets.threshold ?? null }]
}

function checkUrl(query: HttpQuery, offsets: Offsets): QueryIssue[] {
  if (query.url.length <= urlCharsMax) return []
  return [{ message: `a URL has at most ${urlCharsMax} characters`, offset: offsets.url ?? null }]
}

function unitOf(text: string | undefined): keyof typeof countMax | null {
  switch (text) {
    case 'm':
    case 'h':
    case 'd':
    case 'w':
    case 'mo':
      return text
    default:
      return null
  }
}
