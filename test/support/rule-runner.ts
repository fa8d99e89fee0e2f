/** Monitors of rules, evaluated by hand: the real activity, source and rule log, without Temporal. */
import { evaluateActivities } from '../../activities/evaluate.ts'
import { fixedSources } from '../../activities/fixed-sources.ts'
import { promqlDatasource } from '../../adapters/datasources/prometheus/promql.ts'
import { templateQueries } from '../../adapters/datasources/template-query.ts'
import type { AlertSeries } from '../../adapters/postgres/alert-series.ts'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import { ruleLog } from '../../adapters/postgres/rule-log.ts'
import { begin } from '../../core/monitor/begin.ts'
import { pack } from '../../core/monitor/known.ts'
import { slotEvent, transitionsOf } from '../../core/monitor/slot-event.ts'
import { step } from '../../core/monitor/step.ts'
import type { MonitorState, Transition } from '../../core/monitor/types.ts'
import { phaseMs } from '../../core/schedule/slots.ts'
import { memoryPorts } from './memory-ports.ts'
import { openHttpSource } from './open-source.ts'

/** One after the other, as of a slot; answers what changed, with the monitor. What is to be written of it is written by then. */
export type RuleRunner = Readonly<{ evaluate: (monitorIds: readonly number[], slot: number) => Promise<readonly RuleTransition[]> }>
export type RuleTransition = Readonly<{ monitorId: number; transition: Transition }>

/** `series`: where `ALERTS` go. `aligned`: the slots are those of the monitors' grids, wherever these lie. */
export type RuleRunnerOptions = Readonly<{ series?: AlertSeries; aligned?: boolean }>

export function ruleRunner(pool: Pool, prometheusUrl: string, { series, aligned = false }: RuleRunnerOptions = {}): RuleRunner {
  const sources = fixedSources([promqlDatasource(openHttpSource({ kind: 'prometheus', config: { url: prometheusUrl } }))])
  const states = new Map<number, MonitorState>()
  const evaluateOne = async (monitorId: number, slot: number, rules: ReturnType<typeof ruleLog>): Promise<RuleTransition[]> => {
    const loaded = await monitorStore(pool).load(monitorId)
    if (loaded === null) throw new Error(`no monitor ${monitorId}`)
    const spec = aligned ? { ...loaded.spec, phase: phaseAt(slot, loaded.spec.intervalMs) } : loaded.spec
    const before = states.get(monitorId) ?? begin(spec, null, slot - spec.intervalMs).state
    const activities = evaluateActivities({ ...memoryPorts(() => ({})), sources, rules })
    const { observations } = await activities.evaluate({ known: pack(before), ask: { kind: 'at', slot } })
    const { state, effects } = step(before, slotEvent(slot, observations[0] ?? null))
    states.set(monitorId, state)
    return transitionsOf(effects).map((transition) => ({ monitorId, transition }))
  }
  return {
    async evaluate(monitorIds, slot) {
      const log = { warn: (fields: object, event: string) => console.log(event, fields) }
      const changed: RuleTransition[] = []
      for (const id of monitorIds) {
        const rules = ruleLog({ pool, ask: templateQueries(sources.find), log, series: series ?? null })
        changed.push(...(await evaluateOne(id, slot, rules)))
        await rules.close()
      }
      return changed
    },
  }
}

/** The phase of a grid that has a slot there. */
function phaseAt(slot: number, intervalMs: number): Readonly<{ group: number; offsetMs: number }> {
  return { group: 0, offsetMs: intervalMs + (slot % intervalMs) - phaseMs({ group: 0, offsetMs: 0 }, intervalMs) }
}
