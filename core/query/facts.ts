import type { QueryFacts } from '../monitor/spec.ts'
import { otherFacts } from './language-facts.ts'
import { groupKeysOf } from './metric-groups.ts'
import type { CalendarUnit } from './metric-nodes.ts'
import type { Query } from './nodes.ts'
import { parseQuery } from './parse.ts'

/** `calendar`: the window begins anew with each of these, and is shorter than `windowMs` as a rule. */
export type Facts = NonNullable<QueryFacts> & Readonly<{ calendar: CalendarUnit | null }>

/** What the engine needs to know of a monitor's query; null where no source evaluates it yet. */
export function queryFacts(type: string, text: string): Facts | null {
  const parsed = parseQuery(type, text)
  return parsed.ok ? factsOf(parsed.query) : null
}

export function factsOf(query: Query): Facts {
  switch (query.kind) {
    case 'metric':
      return {
        windowMs: query.over.windowMs,
        calendar: query.over.calendar,
        groupBy: groupKeysOf(query.of),
        comparator: query.comparator,
        threshold: query.threshold,
      }
    case 'formula':
      return {
        windowMs: query.windowMs,
        calendar: query.calendar,
        groupBy: query.by,
        comparator: query.comparator,
        threshold: query.threshold,
      }
    default:
      return { ...otherFacts(query), calendar: null }
  }
}
