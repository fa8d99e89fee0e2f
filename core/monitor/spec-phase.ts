/** Where the grid of a rule of Prometheus lies: rules of one group share their phase, and follow each other in their order. */

import { numberOfName } from '../hash.ts'
import { prometheusRuleOf } from '../prometheus-template/rule-option.ts'
import type { MonitorSpec } from './spec-types.ts'

/** In so much time a rule is evaluated, and its `ALERTS` are written where the next one reads them. */
const stepMs = 1_000
/** A group that is longer than its interval still ends before it begins anew. */
const shareOfInterval = 0.8

/** Nothing for a monitor that stands in no group. */
export function phaseOf(prometheus: unknown, intervalMs: number): Pick<MonitorSpec, 'phase'> {
  const rule = prometheusRuleOf(prometheus)
  if (rule === null) return {}
  const offsetMs = Math.floor(Math.min(stepMs, (intervalMs * shareOfInterval) / rule.size) * rule.order)
  return { phase: { group: numberOfName(`${rule.file}\n${rule.group}`), offsetMs } }
}
