/**
 * The first state of a workflow that has no snapshot: a new monitor's, or one carried on from what PostgreSQL holds.
 * Read next: step.ts.
 */
import { slotAtOrBefore } from '../schedule/slots.ts'
import { nextDueAt } from './deadlines.ts'
import { keepsGroup } from './identity.ts'
import { overallOf } from './overall.ts'
import type { GroupState, Health, MonitorSpec, MonitorState, StepResult } from './types.ts'
import { upgradeGroup, upgradeSpec } from './upgrade.ts'

export type Stored = Readonly<{
  sequence: number
  lastSlot: number
  paused: boolean
  health: Health
  groups: Readonly<Record<string, GroupState>>
}>

/**
 * The state that the store holds, for a workflow that finds another decision there than its own under the same number: it
 * was killed after a commit and decided again in another order, or it was reset. What is stored was told; it counts.
 */
export function adopt(state: MonitorState, stored: Stored): MonitorState {
  const groups = keptGroups(state.spec, stored)
  return {
    ...state,
    sequence: stored.sequence,
    lastSlot: Math.max(state.lastSlot, stored.lastSlot),
    overall: overallOf(groups),
    paused: stored.paused,
    health: stored.health,
    groups,
    nextDueAt: nextDueAt(state.spec, groups),
  }
}

/** Always commits, so that the store knows which version is at work, and tells the overall status. */
export function begin(loaded: MonitorSpec, stored: Stored | null, atMs: number): StepResult {
  const spec = upgradeSpec(loaded)
  const groups = keptGroups(spec, stored)
  const removed = Object.keys(stored?.groups ?? {}).filter((key) => !(key in groups))
  const state: MonitorState = {
    v: 1,
    spec,
    sequence: stored?.sequence ?? 0,
    // A new monitor's first slot is the one that has just passed: nobody waits an interval for a first answer.
    lastSlot: stored?.lastSlot ?? slotAtOrBefore(spec.monitorId, spec.intervalMs, atMs) - spec.intervalMs,
    overall: overallOf(groups),
    paused: stored?.paused ?? false,
    health: stored?.health ?? { kind: 'healthy' },
    groups,
    nextDueAt: nextDueAt(spec, groups),
  }
  return {
    state,
    effects: [
      {
        kind: 'commit',
        commit: {
          monitorId: spec.monitorId,
          version: spec.version,
          sequence: state.sequence,
          slot: state.lastSlot,
          overall: state.overall,
          paused: state.paused,
          health: state.health,
          transitions: [],
          groups: {},
          removed: removed.sort(),
        },
      },
      { kind: 'overall', status: state.overall },
    ],
  }
}

function keptGroups(spec: MonitorSpec, stored: Stored | null): Record<string, GroupState> {
  return Object.fromEntries(
    Object.entries(stored?.groups ?? {})
      .filter(([key]) => keepsGroup(spec, key))
      .map(([key, group]) => [key, upgradeGroup(group)]),
  )
}
