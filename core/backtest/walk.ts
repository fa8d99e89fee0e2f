/**
 * Takes a monitor through the slots of a time, one by one, with the engine's own begin() and step(): what comes out is what
 * would have happened. Pure; whoever walks asks the source. Never a second set of rules.
 * Read next: tally.ts, activities/backtest.ts; core/scenario/run.ts, which does the same for scenario files.
 */
import { begin } from '../monitor/begin.ts'
import { slotEvent, transitionsOf } from '../monitor/slot-event.ts'
import type { MonitorSpec } from '../monitor/spec-types.ts'
import { step } from '../monitor/step.ts'
import type { MonitorState, Observation, Transition } from '../monitor/types.ts'
import type { BacktestTime } from './plan.ts'
import type { SlotCounts } from './report.ts'
import { openTally, type Tallied } from './tally.ts'

/** Reasons that are told apart; more of them say nothing more. */
const reasonsMax = 20

export type Walk = Readonly<{
  /** What the next observation is measured against. */
  state: () => MonitorState
  /** null = the slot said nothing new. Returns what was decided, unless the slot is of the warm-up. */
  judge: (slot: number, observation: Observation | null, isEmpty: boolean) => readonly Transition[]
  close: () => Tallied & Readonly<{ slots: SlotCounts }>
}>

/** `slots` in ascending order; those before `time.fromMs` are the warm-up. */
export function openWalk(spec: MonitorSpec, slots: readonly number[], time: BacktestTime): Walk {
  const [first = time.fromMs] = slots
  // A schedule begins with the first time after the one that is given, a grid with the slot of that time.
  let state = (spec.schedule === null ? begin(spec, null, first) : begin(spec, null, first - 1, slots)).state
  let tally: ReturnType<typeof openTally> | null = null
  const warmUp = slots.filter((slot) => slot < time.fromMs).length
  const counts = { evaluated: 0, empty: 0, failed: 0, skipped: 0 }
  const reasons = new Map<string, SlotCounts['reasons'][number]>()

  function account(observation: Observation | null, isEmpty: boolean): void {
    const outcome = observation?.outcome ?? { kind: 'ok' as const }
    if (outcome.kind === 'ok') {
      counts.evaluated += 1
      if (isEmpty) counts.empty += 1
      return
    }
    counts[outcome.kind] += 1
    const key = `${outcome.kind} ${outcome.reason}`
    const known = reasons.get(key)
    if (known === undefined && reasons.size >= reasonsMax) return
    reasons.set(key, { outcome: outcome.kind, reason: outcome.reason, slots: (known?.slots ?? 0) + 1 })
  }

  const tallyOf = (): ReturnType<typeof openTally> => {
    tally ??= openTally(state, time)
    return tally
  }

  return {
    state: () => state,
    judge: (slot, observation, isEmpty) => {
      const reported = slot >= time.fromMs
      const into = reported ? tallyOf() : null
      const result = step(state, slotEvent(slot, observation))
      state = result.state
      if (into === null) return []
      account(observation, isEmpty)
      into.take(slot, state, result.effects)
      return transitionsOf(result.effects)
    },
    close: () => ({
      ...tallyOf().close(state),
      slots: { ...counts, warm_up: warmUp, reasons: [...reasons.values()].sort((one, other) => other.slots - one.slots) },
    }),
  }
}
