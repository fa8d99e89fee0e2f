/** What was decided is recorded once, in order, and is what the workflow works with. Pure. Read next: check.ts. */
import { slotsBetween } from '../../../core/schedule/slots.ts'
import type { MonitorFacts } from './facts.ts'
import type { Verdict } from './invariant.ts'

export function checkNumbers(monitors: readonly MonitorFacts[]): Verdict {
  const violations = monitors.flatMap(({ monitorId, transitions, answer }) => {
    const gap = transitions.findIndex(({ sequence }, index) => sequence !== index + 1)
    const back = transitions.findIndex(({ slot }, index) => slot < (transitions[index - 1]?.slot ?? 0))
    const known = answer?.state.sequence ?? transitions.length
    return [
      ...(gap < 0 ? [] : [`monitor ${monitorId}: number ${transitions[gap]?.sequence} stands in place ${gap + 1}`]),
      ...(back < 0 ? [] : [`monitor ${monitorId}: number ${back + 1} is of a slot before that of number ${back}`]),
      ...(known === transitions.length
        ? []
        : [`monitor ${monitorId}: its workflow is at number ${known}, PostgreSQL at ${transitions.length}`]),
    ]
  })
  return { invariant: 'transitions are numbered without a gap, in order of slots', looked: `${monitors.length} monitors`, violations }
}

export function checkStoredStates(monitors: readonly MonitorFacts[]): Verdict {
  const violations = monitors.flatMap(({ monitorId, groups, answer }) => {
    const stored = JSON.stringify(sorted(groups))
    const known = JSON.stringify(sorted(answer?.state.groups ?? {}))
    return answer === null || stored === known ? [] : [`monitor ${monitorId}: PostgreSQL has ${stored}, its workflow ${known}`]
  })
  return { invariant: 'PostgreSQL holds the states that the workflows have', looked: `${monitors.length} monitors`, violations }
}

/** Every slot of the grid since the first is evaluated, caught up, skipped with a reason, or failed. */
export function checkSlots(monitors: readonly MonitorFacts[]): Verdict {
  let slots = 0
  const violations = monitors.flatMap(({ monitorId, answer }) => {
    if (answer === null) return [`monitor ${monitorId}: its workflow gives no answer`]
    const { state, ledger } = answer
    const { intervalMs } = state.spec
    const due = slotsBetween(monitorId, intervalMs, (ledger.firstSlot ?? 0) - intervalMs, state.lastSlot)
    const accounted = ledger.evaluated + ledger.caughtUp + ledger.skipped + ledger.failed
    slots += due
    return accounted === due ? [] : [`monitor ${monitorId}: ${due} slots since ${ledger.firstSlot}, ${accounted} accounted for`]
  })
  return { invariant: 'every slot is accounted for', looked: `${slots} slots`, violations }
}

/** Nothing disturbs this source, so nothing may fail. */
export function checkSteady(monitors: readonly MonitorFacts[], isSteady: (index: number) => boolean): Verdict {
  const steady = monitors.filter(({ index }) => isSteady(index))
  const violations = steady.flatMap(({ monitorId, answer }) => {
    const failed = (answer?.ledger.failed ?? 0) + (answer?.ledger.skipped ?? 0)
    if (failed === 0) return []
    const reasons = answer?.ledger.recent.flatMap(({ slot, reason }) => (reason === null ? [] : [`${slot}: ${reason}`]))
    return [`monitor ${monitorId}: ${failed} slots failed or were skipped ${reasons?.join('; ')}`]
  })
  return { invariant: 'no slot of an undisturbed source failed', looked: `${steady.length} monitors`, violations }
}

function sorted(groups: MonitorFacts['groups']): unknown {
  return Object.keys(groups)
    .sort()
    .map((key) => [key, Object.entries(groups[key] ?? {}).sort(([one], [other]) => (one < other ? -1 : 1))])
}
