/**
 * The RuleLog port on PostgreSQL: the newest evaluation of each promql alert, with its alerts' labels and annotations rendered as Prometheus
 * does at each evaluation. Written a moment later, so that no evaluation waits for it or fails by it; while PostgreSQL is away only the newest of
 * each monitor waits. Read next: queries/rules.ts, core/prometheus-template/rule.ts.
 */
import { type AskTemplate, type RuleEvaluation, type RuleLog, withAnswers } from '../../activities/rule-ports.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import { answeredAlert } from '../../core/prometheus-template/answered.ts'
import type { QueryAnswer } from '../../core/prometheus-template/expand.ts'
import { alertRenderer } from '../../core/prometheus-template/rule.ts'
import type { Log } from '../../telemetry/log.ts'
import { alarm } from './alarm.ts'
import type { AlertSeries } from './alert-series.ts'
import { oneRun } from './one-run.ts'
import type { Pool } from './pool.ts'
import { findRuleDefinition, lastAlerts, type NamedAlert, type RuleDefinition, saveRuleEvaluations } from './queries/rules.ts'

export type RuleLogOptions = Readonly<{
  pool: Pool
  /** Answers the queries of templates. Never rejects. */
  ask: AskTemplate
  log: Pick<Log, 'warn'>
  /** Where `ALERTS` are written; null or absent = nowhere. */
  series?: AlertSeries | null
}>

export type OpenRuleLog = RuleLog & Readonly<{ close: () => Promise<void> }>

/** What is looked at lags by so much at the most. */
const flushMs = 200
/** The next rule of a group may read `ALERTS`, and is evaluated as little as some hundred milliseconds later. */
const seriesFlushMs = 20
/** While PostgreSQL is away. */
const retryMs = 5_000
/** Definitions in memory, some kilobytes each. */
const definitionsMax = 2_000

export function ruleLog(options: RuleLogOptions): OpenRuleLog {
  const newest = new Map<number, RuleEvaluation>()
  const definitions = new Map<string, RuleDefinition>()
  const bell = alarm()
  let closed = false
  const work = oneRun(run, () => newest.size > 0 && !closed)

  async function run(): Promise<void> {
    while (newest.size > 0) {
      if (!closed) await bell.wait(options.series ? seriesFlushMs : flushMs)
      const batch = [...newest.values()]
      newest.clear()
      if (await attempt(batch)) continue
      if (closed) return
      await bell.wait(retryMs)
    }
  }

  /** Whether it went; where it didn't, what is newer wins. */
  async function attempt(batch: readonly RuleEvaluation[]): Promise<boolean> {
    try {
      await write(options, batch, definitions)
      return true
    } catch (reason) {
      options.log.warn({ reason, rules: batch.length }, 'rule-evaluations-not-written')
      for (const one of batch) if (!newest.has(one.spec.monitorId)) newest.set(one.spec.monitorId, one)
      return false
    }
  }

  return {
    record(evaluation) {
      newest.set(evaluation.spec.monitorId, evaluation)
      work.start()
    },
    async close() {
      closed = true
      bell.ring()
      await work.ended()
    },
  }
}

async function write(options: RuleLogOptions, batch: readonly RuleEvaluation[], definitions: Map<string, RuleDefinition>): Promise<void> {
  const named = await Promise.all(batch.map(async (one) => ({ one, alerts: await nameAll(options, one, definitions) })))
  const taken = await saveRuleEvaluations(
    options.pool,
    named.map(({ one: { spec, slot, at, durationMs, error }, alerts }) => ({
      ...{ monitorId: spec.monitorId, version: spec.version, slot, at, durationMs, error, alerts },
    })),
  )
  await options.series?.write(
    named.flatMap(({ one: { spec, slot }, alerts }) =>
      // As Prometheus: samples are as old as the data that they were made of. Of an evaluation that failed there are none.
      alerts === null || !taken.has(spec.monitorId) ? [] : [{ monitorId: spec.monitorId, atMs: slot - spec.delayMs, alerts }],
    ),
  )
}

/** null = the evaluation failed, so they are as they were. */
async function nameAll(
  { pool, ask }: RuleLogOptions,
  { spec, slot, error, alerts }: RuleEvaluation,
  definitions: Map<string, RuleDefinition>,
): Promise<readonly NamedAlert[] | null> {
  if (error !== null) return null
  const subject = await definitionOf(pool, spec, definitions)
  const render = alertRenderer(subject)
  const answers = new Map<string, QueryAnswer>()
  const named: NamedAlert[] = []
  const before = new Map(
    alerts.every(({ crossed }) => crossed) ? [] : (await lastAlerts(pool, spec.monitorId)).map((one) => [one.group, one]),
  )
  for (const { crossed, ...alert } of alerts) {
    const kept = crossed ? undefined : before.get(alert.group)
    if (kept !== undefined) {
      named.push({ ...kept, state: alert.state, activeAtMs: alert.activeAtMs })
      continue
    }
    const rendering = answeredAlert((given) => render(alert.group, alert.value, given), answers)
    const { labels, annotations } = await withAnswers(rendering, (query) => ask(spec, query, slot))
    named.push({ ...alert, labels, annotations })
  }
  return named
}

async function definitionOf(pool: Pool, spec: MonitorSpec, definitions: Map<string, RuleDefinition>): Promise<RuleDefinition> {
  const key = `${spec.monitorId}:${spec.version}`
  const known = definitions.get(key)
  if (known !== undefined) return known
  const found = (await findRuleDefinition(pool, spec.monitorId, spec.version)) ?? { name: spec.name, options: {} }
  const oldest = definitions.keys().next()
  if (definitions.size >= definitionsMax && oldest.done !== true) definitions.delete(oldest.value)
  definitions.set(key, found)
  return found
}
