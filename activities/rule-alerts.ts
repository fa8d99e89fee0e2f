/**
 * What is pending or fires in a monitor after an evaluation, as Prometheus has alerts. Pure: the state is what the workflow will come to, by the
 * same step(). Read next: evaluate.ts, adapters/postgres/rule-log.ts.
 */
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import type { GroupState, MonitorState } from '../core/monitor/types.ts'
import type { ActiveAlert } from './rule-ports.ts'

/** Of one monitor; a page has no use for more, and each is rendered anew at each evaluation. */
const alertsMax = 2_000

/** In order of groups. `values`: of this evaluation. */
export function activeAlerts({ spec, groups }: MonitorState, values: Readonly<Record<string, number>>): ActiveAlert[] {
  return Object.keys(groups)
    .sort()
    .flatMap((group) => {
      const state = groups[group]
      const alert = state === undefined ? null : alertOf(spec, group, state, values[group])
      return alert === null ? [] : [alert]
    })
    .slice(0, alertsMax)
}

function alertOf(spec: MonitorSpec, group: string, state: GroupState, value: number | undefined): ActiveAlert | null {
  const crossed = state.level === 'alert' && state.missingSince === null
  const seen = { value: crossed ? (value ?? state.value) : state.value, crossed }
  if (state.status === 'Alert') return { group, state: 'firing', activeAtMs: activeSince(spec, state, crossed), ...seen }
  return crossed ? { group, state: 'pending', activeAtMs: state.alertSince, ...seen } : null
}

/** When it began to be pending: before it fired, by its hold, on its own grid. */
function activeSince({ holdMs, intervalMs }: MonitorSpec, { firstTriggeredAt, alertSince, since }: GroupState, crossed: boolean): number {
  const firedAt = firstTriggeredAt ?? since
  if (crossed && alertSince <= firedAt) return alertSince
  return firedAt - Math.ceil(holdMs / intervalMs) * intervalMs
}
