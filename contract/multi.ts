/** Whether a monitor has groups, read off its text: also for queries that no source of ours evaluates yet. */
import type { MonitorOptions } from './options.ts'
import { isEventLike, isMetricType, type MonitorType } from './types.ts'

/** `by {host}` of metrics and `.by("host")` of checks and searches; an empty list is no grouping. */
const grouped = [/\bby\s*\{\s*[^}\s]/, /\.by\(\s*[^)\s]/]

export function isMulti(type: MonitorType, query: string, options: MonitorOptions): boolean {
  if (type === 'composite' || type === 'http alert') return false
  // What the source answers has tags as a rule.
  if (type === 'promql alert' || type === 'sql alert') return true
  if (grouped.some((pattern) => pattern.test(query))) return true
  const variables = options.variables ?? []
  if (isMetricType(type))
    return variables.some(({ query: text }) => typeof text === 'string' && grouped.some((pattern) => pattern.test(text)))
  return isEventLike(type) && variables.some(({ group_by: by }) => Array.isArray(by) && by.length > 0)
}
