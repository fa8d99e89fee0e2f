/** What a grammar can't say about a query: bounds and repetitions. Read next: parse.ts. */

import type { QueryIssue } from './metric-check.ts'
import type { HttpQuery } from './nodes.ts'

/** Where the parts stood in the text. */
export type Offsets = Readonly<{ threshold?: number; url?: number }>

/** Characters of a URL at most: what servers commonly take. */
export const urlCharsMax = 2_048

/** Everything that is wrong, in the order of the text; empty = nothing is. */
export function checkQuery(query: HttpQuery, offsets: Offsets = {}): QueryIssue[] {
  return [...checkUrl(query, offsets), ...checkThreshold(query, offsets)]
}

function checkThreshold(query: HttpQuery, offsets: Offsets): QueryIssue[] {
  return Number.isFinite(query.threshold) ? [] : [{ message: 'the threshold is too large a number', offset: offsets.threshold ?? null }]
}

function checkUrl(query: HttpQuery, offsets: Offsets): QueryIssue[] {
  if (query.url.length <= urlCharsMax) return []
  return [{ message: `a URL has at most ${urlCharsMax} characters`, offset: offsets.url ?? null }]
}
