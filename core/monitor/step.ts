/**
 * The only state machine: (state, event) → next state and effects as data. Pure and total: any event in any state has an
 * answer, JSON in and JSON out, no clock. Everything that decides calls it: the workflow, backtests, scenario files.
 * Read next: draft.ts (how a change is recorded), observe.ts (what an evaluation tells), workflows/monitor.ts.
 */
import { assertNever } from '../assert.ts'
import { slotAfter, slotAtOrBefore } from '../schedule/slots.ts'
import { hasDeadline, missingDueAt, nextDueAt, releaseDueAt, retentionDueAt } from './deadlines.ts'
import { changeStatus, closeDraft, type Draft, openDraft, putGroup, releaseHeld, removeGroup } from './draft.ts'
import { keepsGroup } from './identity.ts'
import { isMuted } from './mute.ts'
import { statusOf } from './overall.ts'
import type {
  GroupReading,
  GroupState,
  Health,
  MissingGroup,
  MonitorEvent,
  MonitorSpec,
  MonitorState,
  Observation,
  Status,
  StepResult,
  TransitionReason,
} from './types.ts'

export function step(state: MonitorState, event: MonitorEvent): StepResult {
  const draft = openDraft(state)
  switch (event.kind) {
    case 'observed':
      observed(draft, event.observation)
      break
    case 'quiet':
      advance(draft, event.through)
      break
    case 'respecified':
      respecified(draft, event.spec, event.at)
      break
    case 'resolved':
      resolved(draft, event.groups, event.at)
      break
    case 'paused':
      draft.paused = true
      break
    case 'resumed':
      draft.paused = false
      // What happened while paused isn't judged afterwards: it was not watched on purpose.
      draft.lastSlot = Math.max(draft.lastSlot, event.at)
      break
    default:
      return assertNever(event)
  }
  return closeDraft(draft)
}

function observed(draft: Draft, observation: Observation): void {
  const { slot, outcome } = observation
  // A slot that was judged before says nothing new: a repeated signal, a replayed slot.
  if (slot <= draft.lastSlot) return
  // The slots of a pause aren't judged afterwards, also not by an evaluation that somebody asks for in it.
  if (!draft.paused) advance(draft, slotAtOrBefore(draft.spec.monitorId, draft.spec.intervalMs, slot - 1))
  draft.lastSlot = slot
  switch (outcome.kind) {
    case 'failed':
      // A failing evaluation never changes a state by itself.
      if (draft.health.kind !== 'failing') draft.health = { kind: 'failing', since: slot, reason: outcome.reason }
      return
    case 'skipped':
      return
    case 'ok': {
      const refused = hearAll(draft, observation.changed, slot) + observation.refused
      for (const missing of observation.missing) miss(draft, missing)
      meetDeadlines(draft, slot)
      draft.health = healthAfter(draft.health, refused, slot, draft.spec)
      return
    }
    default:
      assertNever(outcome)
  }
}

/** Lets the slots after `lastSlot` up to `through` pass, none of which said anything new. */
function advance(draft: Draft, through: number): void {
  const { monitorId, intervalMs } = draft.spec
  let dueAt = draft.before.nextDueAt
  while (dueAt !== null) {
    const slot = slotAfter(monitorId, intervalMs, Math.max(draft.lastSlot, dueAt - 1))
    if (slot > through) break
    draft.lastSlot = slot
    meetDeadlines(draft, slot)
    dueAt = nextDueAt(draft.spec, draft.groups)
  }
  draft.lastSlot = Math.max(draft.lastSlot, through)
}

/** Groups that have a value. Returns how many new ones there was no room for. */
function hearAll(draft: Draft, readings: readonly GroupReading[], slot: number): number {
  let room = readings.length === 0 ? 0 : draft.spec.groupsMax - Object.keys(draft.groups).length
  let refused = 0
  for (const reading of readings) {
    const known = draft.groups[reading.group]
    if (known === undefined && room <= 0) refused += 1
    else hear(draft, reading, known ?? newGroup(slot), slot)
    if (known === undefined) room -= 1
  }
  return refused
}

function hear(draft: Draft, reading: GroupReading, group: GroupState, slot: number): void {
  const heard: GroupState = { ...group, level: reading.level, value: reading.value, missingSince: null }
  const to = statusOf(reading.level)
  if (to === group.status) putGroup(draft, reading.group, heard)
  else changeStatus(draft, reading.group, heard, to, slot, reasonOf(group.status, to))
}

function reasonOf(from: Status, to: Status): TransitionReason {
  if (from === 'No Data') return 'data-returned'
  return to === 'OK' || (from === 'Alert' && to === 'Warn') ? 'threshold-recovered' : 'threshold-crossed'
}

/** One group has no value any more. What that means is a matter of time: see meetDeadlines. */
function miss(draft: Draft, missing: MissingGroup): void {
  const group = draft.groups[missing.group]
  if (group === undefined || group.missingSince !== null) return
  putGroup(draft, missing.group, { ...group, missingSince: missing.lastAt })
}

/** Applies what is due at `slot` to each group, in order of keys. */
function meetDeadlines(draft: Draft, slot: number): void {
  const waiting = Object.keys(draft.groups).filter((key) => hasDeadline(draft.groups[key]))
  for (const key of waiting.sort()) {
    const group = draft.groups[key]
    if (group !== undefined && isDue(missingDueAt(draft.spec, group), slot)) judgeMissing(draft, key, group, slot)
    const judged = draft.groups[key]
    if (judged !== undefined && isDue(releaseDueAt(draft.spec, key, judged), slot)) releaseHeld(draft, key, judged, slot)
    const released = draft.groups[key]
    if (released !== undefined && isDue(retentionDueAt(draft.spec, released), slot)) removeGroup(draft, key)
  }
}

function judgeMissing(draft: Draft, key: string, group: GroupState, slot: number): void {
  if (draft.spec.missing.action === 'resolve') changeStatus(draft, key, group, 'OK', slot, 'missing-data-resolves')
  else changeStatus(draft, key, group, 'No Data', slot, 'data-missing')
}

/** A newer definition. Every group whose identity still exists keeps its state. */
function respecified(draft: Draft, spec: MonitorSpec, at: number): void {
  const old = draft.spec
  if (spec.version <= old.version) return
  draft.spec = spec
  for (const key of Object.keys(draft.groups).sort()) {
    const group = draft.groups[key]
    if (group === undefined) continue
    if (!keepsGroup(spec, key)) removeGroup(draft, key)
    else if (group.status !== 'OK') remute(draft, key, group, old, at)
  }
}

/** A mute that begins holds what is bad already; one that is taken back lets go in silence; one that had expired still tells. */
function remute(draft: Draft, key: string, group: GroupState, old: MonitorSpec, at: number): void {
  const expired = group.held && !isMuted(old.silenced, key, at)
  const held = expired || isMuted(draft.spec.silenced, key, at)
  if (held !== group.held) putGroup(draft, key, { ...group, held })
}

/** Groups are OK by hand; the next evaluation judges them afresh, also one that is caught up: the hand acts before it. */
function resolved(draft: Draft, groups: '*' | readonly string[], at: number): void {
  const next = slotAfter(draft.spec.monitorId, draft.spec.intervalMs, draft.lastSlot)
  const actedAt = Math.max(draft.lastSlot, draft.paused ? at : Math.min(at, next - 1))
  const keys = groups === '*' ? Object.keys(draft.groups) : groups
  for (const key of [...keys].sort()) {
    const group = draft.groups[key]
    if (group === undefined || group.status === 'OK') continue
    changeStatus(draft, key, group, 'OK', actedAt, 'resolved-by-hand')
  }
}

function healthAfter(health: Health, refused: number, slot: number, spec: MonitorSpec): Health {
  if (refused === 0) return health.kind === 'healthy' ? health : { kind: 'healthy' }
  if (health.kind === 'groups-refused' && health.refused === refused) return health
  const since = health.kind === 'groups-refused' ? health.since : slot
  return { kind: 'groups-refused', since, refused, groupsMax: spec.groupsMax }
}

/** A group seen for the first time counts as OK before: if it is bad, that is a transition; if not, there is none. */
function newGroup(slot: number): GroupState {
  return {
    status: 'OK',
    since: slot,
    level: 'ok',
    value: null,
    missingSince: null,
    firstTriggeredAt: null,
    lastTriggeredAt: null,
    told: false,
    held: false,
  }
}

function isDue(dueAt: number | null, slot: number): boolean {
  return dueAt !== null && dueAt <= slot
}
