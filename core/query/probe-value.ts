/** What a probe comes to, once each of its assertions was measured. Read next: our-nodes.ts (ProbeQuery). */
import { compare } from '../monitor/classify.ts'
import type { Assertion, ProbeMeasure } from './our-nodes.ts'

/** `measure` answers null where there is nothing to measure; so does this where that goes for all assertions. */
export function probeValue(assertions: readonly Assertion[], measure: (measure: ProbeMeasure) => number | null): number | null {
  const measured = assertions.map((assertion) => ({ ...assertion, value: measure(assertion.measure) }))
  const [only, ...others] = measured
  if (only !== undefined && others.length === 0) return only.value
  if (measured.every(({ value }) => value === null)) return null
  return measured.filter(({ value, comparator, threshold }) => value !== null && compare(value, comparator, threshold)).length
}
