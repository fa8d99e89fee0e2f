/** Monitors of rules, evaluated by hand: the real activity, source and rule log, without Temporal. */
import { evaluateActivities } from '../../activities/evaluate.ts'
import { fixedSources } from '../../activities/fixed-sources.ts'
import { promqlDatasource } from '../../adapters/datasources/prometheus/promql.ts'
import { templateQueries } from '../../adapters/datasources/template-query.ts'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import { ruleLog } from '../../adapters/postgres/rule-log.ts'
import { begin } from '../../core/monitor/begin.ts'
import { pack } from '../../core/monitor/known.ts'
import { slotEvent } from '../../core/monitor/slot-event.ts'
import { step } from '../../core/monitor/step.ts'
import type { MonitorState } from '../../core/monitor/types.ts'
import { memoryPorts } from './memory-ports.ts'
import { openHttpSource } from './open-source.ts'

export type RuleRunner = Readonly<{ evaluate: (monitorIds: readonly number[], slot: number) => Promise<void> }>

export function ruleRunner(pool: Pool, prometheusUrl: string): RuleRunner {
  const sources = fixedSources([promqlDatasource(openHttpSource({ kind: 'prometheus', config: { url: prometheusUrl } }))])
  const states = new Map<number, MonitorState>()
  const evaluateOne = async (monitorId: number, slot: number, rules: ReturnType<typeof ruleLog>): Promise<void> => {
    const loaded = await monitorStore(pool).load(monitorId)
    if (loaded === null) throw new Error(`no monitor ${monitorId}`)
    const before = states.get(monitorId) ?? begin(loaded.spec, null, slot - loaded.spec.intervalMs).state
    const activities = evaluateActivities({ ...memoryPorts(() => ({})), sources, rules })
    const { observations } = await activities.evaluate({ known: pack(before), ask: { kind: 'at', slot } })
    states.set(monitorId, step(before, slotEvent(slot, observations[0] ?? null)).state)
  }
  return {
    async evaluate(monitorIds, slot) {
      const log = { warn: (fields: object, event: string) => console.log(event, fields) }
      const rules = ruleLog({ pool, ask: templateQueries(sources.find), log })
      for (const id of monitorIds) await evaluateOne(id, slot, rules)
      await rules.close()
    },
  }
}
