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

/** What may stand before each unit at most, and how long the unit is: a window reaches back a month at the most. */
const units = {
  m: { countMax: 10_080, ms: 60_000 },
  h: { countMax: 744, ms: 3_600_000 },
  d: { countMax: 31, ms: 86_400_000 },
  w: { countMax: 4, ms: 7 * 86_400_000 },
  mo: { countMax: 1, ms: 30 * 86_400_000 },
} as const

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

/** Calendar windows, and how long they are at the most. */
const calendars = {
  hour: { text: 'current_1h', ms: 3_600_000 },
  day: { text: 'current_1d', ms: 86_400_000 },
  month: { text: 'current_1mo', ms: 31 * 86_400_000 },
} as const

function checkWindow({ windowText, windowMs, calendar }: MetricQuery, offsets: Offsets): QueryIssue[] {
  const offset = offsets.window ?? null
  if (calendar !== null) {
    const { text, ms } = calendars[calendar]
    return windowText === text && windowMs === ms ? [] : [{ message: `${windowText} is not ${text}`, offset }]
  }
  const match = /^last_(\d+)(mo|[mhdw])$/.exec(windowText)
  const unit = unitOf(match?.[2])
  if (match === null || unit === null) return [{ message: `${windowText} is not a window`, offset }]
  const count = Number(match[1])
  const { countMax, ms } = units[unit]
  if (count < 1 || count > countMax) {
    const bounds = countMax === 1 ? `only last_1${unit}` : `last_1${unit} to last_${countMax}${unit}`
    return [{ message: `the window ${windowText} is out of bounds: ${bounds}`, offset }]
  }
  return windowMs === count * ms ? [] : [{ message: `${windowText} is not ${windowMs} ms`, offset }]
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

function unitOf(text: string | undefined): keyof typeof units | null {
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
