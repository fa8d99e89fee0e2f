/**
 * The first state of a workflow that has no snapshot: a new monitor's, or one carried on from what PostgreSQL holds.
 * Read next: step.ts.
 */
import { latestSlot } from '../schedule/timetable.ts'
import { dropGoneFlapping, isFlappingGone, keysOfBundles, rebundle } from './bundles.ts'
import { survey } from './deadlines.ts'
import { closeDraft, openDraft } from './draft.ts'
import { isStandIn, keepsGroup } from './identity.ts'
import type { MonitorSpec } from './spec-types.ts'
import type { Commit, GroupState, Health, Memory, MonitorState, StepResult } from './types.ts'
import { upgradeGroup, upgradeSpec } from './upgrade.ts'

export type Stored = Readonly<{
  sequence: number
  lastSlot: number
  paused: boolean
  health: Health
  groups: Readonly<Record<string, GroupState>>
  /** null = nothing is remembered beside the groups. */
  memory: Memory | null
}>

const nothing: Memory = { bundles: {}, downtimes: [], owed: {}, forgotten: {} }

/**
 * The state that the store holds, for a workflow that finds another decision there than its own under the same number: it
 * was killed after a commit and decided again in another order, or it was reset. What is stored was told; it counts.
 */
export function adopt(state: MonitorState, stored: Stored): MonitorState {
  const { causes: _, flapping: __, ...known } = state
  const groups = keptGroups(state.spec, stored)
  return surveyed({
    ...known,
    ...(stored.memory ?? nothing),
    sequence: stored.sequence,
    lastSlot: Math.max(state.lastSlot, stored.lastSlot),
    paused: stored.paused,
    health: stored.health,
    groups,
  })
}

/** Always commits, so that the store knows which version is at work, and tells the overall status. `agenda`: see MonitorState. */
export function begin(loaded: MonitorSpec, stored: Stored | null, atMs: number, agenda: readonly number[] | null = null): StepResult {
  const spec = upgradeSpec(loaded)
  const groups = keptGroups(spec, stored)
  const removed = Object.keys(stored?.groups ?? {}).filter((key) => !(key in groups))
  const opened = surveyed({
    v: 1,
    spec,
    sequence: stored?.sequence ?? 0,
    lastSlot: stored?.lastSlot ?? firstLastSlot(spec, agenda, atMs),
    paused: stored?.paused ?? false,
    health: stored?.health ?? { kind: 'healthy' },
    groups,
    ...(stored?.memory ?? nothing),
    agenda,
  })
  const { state, bundled } = rebundled(opened)
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
          groups: bundled?.groups ?? {},
          removed: removed.sort(),
          memory: bundled?.memory ?? null,
        },
      },
      { kind: 'overall', status: state.overall },
    ],
  }
}

/** Bundles as the definition wants them now: it may have been edited while nobody heard of it. */
function rebundled(state: MonitorState): { state: MonitorState; bundled: Pick<Commit, 'groups' | 'memory'> | null } {
  const before = keysOfBundles(state.bundles)
  const isOver = Object.keys(state.flapping ?? {}).some((key) => isFlappingGone(state, key))
  const isFine = !isOver && Object.keys(state.owed).length === 0 && Object.values(state.groups).every((group) => group.status === 'OK')
  const isSame = JSON.stringify(before) === JSON.stringify(state.spec.notifyBy) || (before === null && isFine)
  if (isSame && !isOver) return { state, bundled: null }
  const draft = openDraft(state, state.lastSlot)
  // An option was taken away meanwhile, or a group is none any more.
  if (isSame) dropGoneFlapping(draft, before)
  else rebundle(draft, before, state.lastSlot)
  const result = closeDraft(draft)
  const [commit] = result.effects.flatMap((effect) => (effect.kind === 'commit' ? [effect.commit] : []))
  return { state: result.state, bundled: commit ?? null }
}

/** A new monitor's first slot is the one that has just passed: nobody waits an interval for a first answer. A schedule is waited for. */
function firstLastSlot(spec: MonitorSpec, agenda: readonly number[] | null, atMs: number): number {
  return agenda === null ? (latestSlot({ spec, agenda }, atMs) ?? atMs) - spec.intervalMs : atMs
}

function keptGroups(spec: MonitorSpec, stored: Stored | null): Record<string, GroupState> {
  return Object.fromEntries(
    Object.entries(stored?.groups ?? {})
      .filter(([key, group]) => keepsGroup(spec, key) || isStandIn(key, group))
      .map(([key, group]) => [key, upgradeGroup(group)]),
  )
}

function surveyed(state: Omit<MonitorState, 'overall' | 'nextDueAt'>): MonitorState {
  return { ...state, ...survey(state) }
}
