import { compare } from '../../../core/monitor/classify.ts'
import type { ProbeMeasure, ProbeQuery } from '../../../core/query/our-nodes.ts'

/** What a try came to: a value for each thing that may be measured of it; null = it has none. */
export type Outcome = Readonly<{ value: (measure: ProbeMeasure) => number | null }>

/** One assertion is compared by the state machine, as the query has it; of several it is told how many hold. null = no data. */
export function measuredOf({ assertions }: ProbeQuery, outcome: Outcome): number | null {
  const [only, second] = assertions
  if (only !== undefined && second === undefined) return outcome.value(only.measure)
  const values = assertions.map((assertion) => ({ assertion, value: outcome.value(assertion.measure) }))
  if (values.every(({ value }) => value === null)) return null
  return values.filter(({ assertion, value }) => value !== null && compare(value, assertion.comparator, assertion.threshold)).length
}
