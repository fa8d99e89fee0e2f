/** Rules and alerts in Prometheus' JSON. Read next: routes/prometheus.ts, adapters/postgres/queries/rules.ts. */
import { type NamedAlert, ownFile, type RuleRow } from '../../adapters/postgres/queries/rules.ts'
import { formatFloat } from '../../core/prometheus-template/float.ts'
import { prometheusRuleOf } from '../../core/prometheus-template/rule-option.ts'

export type PresentedAlert = Readonly<{
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  state: 'pending' | 'firing'
  activeAt: string
  value: string
}>

export type PresentedRule = Readonly<{
  state: 'inactive' | 'pending' | 'firing'
  name: string
  query: string
  duration: number
  keepFiringFor: number
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  alerts: readonly PresentedAlert[]
  health: 'ok' | 'err' | 'unknown'
  lastError?: string
  evaluationTime: number
  lastEvaluation: string
  type: 'alerting'
}>

export type PresentedGroup = Readonly<{
  name: string
  file: string
  rules: readonly PresentedRule[]
  interval: number
  limit: number
  evaluationTime: number
  lastEvaluation: string
}>

/** Promql alerts are evaluated every minute unless they say otherwise. */
const intervalDefaultS = 60
/** What Prometheus shows of what has not been evaluated. */
const neverAt = '0001-01-01T00:00:00Z'

/** In the order of the rows: one group after the other. */
export function presentGroups(rows: readonly RuleRow[], presented: (row: RuleRow) => PresentedRule): PresentedGroup[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(placeOf(row)))
  return [...groups.values()].flatMap((members) => {
    const [first] = members
    if (first === undefined) return []
    const times = members.flatMap(({ at_ms: at }) => (at === null ? [] : [at]))
    return [
      {
        ...placeOf(first),
        rules: members.map(presented),
        interval: secondsOf(first, 'interval', intervalDefaultS),
        limit: 0,
        evaluationTime: members.reduce((sum, { duration_ms: ms }) => sum + (ms ?? 0) / 1_000, 0),
        // Of the rule that was evaluated first in this round.
        lastEvaluation: times.length === 0 ? neverAt : new Date(Math.min(...times)).toISOString(),
      },
    ]
  })
}

/** The rule file and group of an imported rule; any other monitor is a group of its own. */
export function placeOf({ id, options }: RuleRow): Readonly<{ name: string; file: string }> {
  const rule = prometheusRuleOf(options.prometheus)
  return rule === null ? { name: `monitor ${id}`, file: ownFile } : { name: rule.group, file: rule.file }
}

export function presentRule(row: RuleRow, withAlerts: boolean): PresentedRule {
  const rule = prometheusRuleOf(row.options.prometheus)
  const firing = row.alerts.some(({ state }) => state === 'firing')
  return {
    state: firing ? 'firing' : row.alerts.length > 0 ? 'pending' : 'inactive',
    name: row.name,
    query: row.query,
    duration: secondsOf(row, 'hold', 0),
    keepFiringFor: secondsOf(row, 'keep_firing', 0),
    labels: rule?.labels ?? {},
    annotations: rule?.annotations ?? {},
    alerts: withAlerts ? row.alerts.map(presentAlert) : [],
    health: row.at_ms === null ? 'unknown' : row.error === null ? 'ok' : 'err',
    ...(row.error === null ? {} : { lastError: row.error }),
    evaluationTime: (row.duration_ms ?? 0) / 1_000,
    lastEvaluation: row.at_ms === null ? neverAt : new Date(row.at_ms).toISOString(),
    type: 'alerting',
  }
}

export function presentAlert({ labels, annotations, state, activeAtMs, value }: NamedAlert): PresentedAlert {
  const written = formatFloat(value ?? Number.NaN, 'e', null)
  return { labels, annotations, state, activeAt: new Date(activeAtMs).toISOString(), value: written }
}

function secondsOf({ options }: RuleRow, name: string, otherwise: number): number {
  const value = options[name]
  return typeof value === 'number' ? value : otherwise
}
