/**
 * The only state machine: (state, event) → next state and effects as data. Pure and total: any event in any state has an
 * answer, JSON in and JSON out, no clock. Everything that decides calls it: the workflow, backtests, scenario files.
 * Read next: draft.ts (how a change is recorded), observe.ts (what an evaluation tells), workflows/monitor.ts.
 */
import { assertNever } from '../assert.ts'
import { slotAfter, slotAtOrBefore } from '../schedule/slots.ts'
import { earnedStatus, withLevel } from './condition.ts'
import { groupDueAt, levelDueAt, missingDueAt, nextDueAt, releaseDueAt, renotifyDueAt, retentionDueAt, timeoutDueAt } from './deadlines.ts'
import { changeStatus, closeDraft, type Draft, groupOf, openDraft, putGroup, removeGroup, tellAgain } from './draft.ts'
import { keepsGroup } from './identity.ts'
import { isMuted } from './mute.ts'
import { roomBeside } from './room.ts'
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
import { upgradeSpec } from './upgrade.ts'

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
      for (const missing of observation.missing) miss(draft, missing, slot)
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
    // Said this way round, a deadline that is no number ends the loop, too.
    if (!(slot <= through)) break
    draft.lastSlot = slot
    meetDeadlines(draft, slot)
    dueAt = nextDueAt(draft.spec, draft.groups)
  }
  draft.lastSlot = Math.max(draft.lastSlot, through)
}

/** Groups that have a value. Returns how many new ones there was no room for. */
function hearAll(draft: Draft, readings: readonly GroupReading[], slot: number): number {
  if (readings.length === 0) return 0
  const tracked = Object.keys(draft.groups).length
  // What is there at the first evaluation isn't new, only what appears later.
  const judgedFrom = tracked === 0 ? slot : slot + draft.spec.newGroupDelayMs
  const room = roomBeside(draft.groups, draft.spec.groupsMax)
  let refused = 0
  for (const reading of readings) {
    // The one name that a JSON object can't hold. Keys of groups have a colon (group.ts), so no source ever sends it.
    if (reading.group === '__proto__') continue
    const known = groupOf(draft, reading.group)
    if (known === undefined && !room.take(reading.group)) refused += 1
    else hear(draft, reading, known ?? newGroup(slot, judgedFrom), slot)
  }
  return refused
}

/** One group has a value: what it has earned by now takes effect at once, what hold or keep_firing delay is a deadline. */
function hear(draft: Draft, reading: GroupReading, group: GroupState, slot: number): void {
  const heard: GroupState = { ...withLevel(group, reading.level, slot), value: reading.value, missingSince: null }
  const to = earnedStatus(draft.spec, heard, slot)
  if (to === group.status) putGroup(draft, reading.group, heard)
  else changeStatus(draft, reading.group, heard, to, slot, reasonOf(group.status, to))
}

function reasonOf(from: Status, to: Status): TransitionReason {
  if (from === 'No Data') return 'data-returned'
  return to === 'OK' || (from === 'Alert' && to === 'Warn') ? 'threshold-recovered' : 'threshold-crossed'
}

/** One group has no value any more. What that means is a matter of time: see meetDeadlines. */
function miss(draft: Draft, missing: MissingGroup, slot: number): void {
  const group = groupOf(draft, missing.group)
  if (group === undefined || group.missingSince !== null) return
  // A gap ends a hold; when data returns, it begins anew.
  putGroup(draft, missing.group, { ...withLevel(group, 'ok', slot), missingSince: missing.lastAt })
}

/** Applies what is due at `slot` to each group, in order of keys. */
function meetDeadlines(draft: Draft, slot: number): void {
  const due = Object.keys(draft.groups).filter((key) => {
    const group = draft.groups[key]
    return group !== undefined && isDue(groupDueAt(draft.spec, key, group), slot)
  })
  for (const key of due.sort()) for (const meet of deadlines) meetOne(draft, key, slot, meet)
}

type Deadline = (draft: Draft, key: string, group: GroupState, slot: number) => void

/** In this order: what the data means, then who hears of it, then who leaves. */
const deadlines: readonly Deadline[] = [
  (draft, key, group, slot) => {
    const to = isDue(levelDueAt(draft.spec, group), slot) ? earnedStatus(draft.spec, group, slot) : group.status
    if (to !== group.status) changeStatus(draft, key, group, to, slot, reasonOf(group.status, to))
  },
  (draft, key, group, slot) => {
    if (!isDue(missingDueAt(draft.spec, group), slot)) return
    if (draft.spec.missing.action === 'resolve') changeStatus(draft, key, group, 'OK', slot, 'missing-data-resolves')
    else changeStatus(draft, key, group, 'No Data', slot, 'data-missing')
  },
  (draft, key, group, slot) => {
    if (isDue(timeoutDueAt(draft.spec, group), slot)) changeStatus(draft, key, group, 'OK', slot, 'timed-out')
  },
  (draft, key, group, slot) => {
    if (isDue(releaseDueAt(draft.spec, key, group), slot)) tellAgain(draft, key, group, slot, 'mute-expired')
  },
  (draft, key, group, slot) => {
    if (isDue(renotifyDueAt(draft.spec, group), slot)) tellAgain(draft, key, group, slot, 'renotify')
  },
  (draft, key, group, slot) => {
    if (isDue(retentionDueAt(draft.spec, group), slot)) removeGroup(draft, key)
  },
]

function meetOne(draft: Draft, key: string, slot: number, meet: Deadline): void {
  const group = draft.groups[key]
  if (group !== undefined) meet(draft, key, group, slot)
}

/** A newer definition. Every group whose identity still exists keeps its state. */
function respecified(draft: Draft, spec: MonitorSpec, at: number): void {
  const old = draft.spec
  if (spec.version <= old.version) return
  draft.spec = upgradeSpec(spec)
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
  const askedFor = group.status !== 'No Data' || draft.spec.missing.action === 'notify'
  const held = askedFor && (expired || isMuted(draft.spec.silenced, key, at))
  if (held !== group.held) putGroup(draft, key, { ...group, held })
}

/** Groups are OK by hand; the next evaluation judges them afresh, also one that is caught up: the hand acts before it. */
function resolved(draft: Draft, groups: '*' | readonly string[], at: number): void {
  const next = slotAfter(draft.spec.monitorId, draft.spec.intervalMs, draft.lastSlot)
  const actedAt = Math.max(draft.lastSlot, draft.paused ? at : Math.min(at, next - 1))
  const keys = groups === '*' ? Object.keys(draft.groups) : groups
  for (const key of [...keys].sort()) {
    const group = groupOf(draft, key)
    if (group === undefined || group.status === 'OK') continue
    changeStatus(draft, key, withLevel(group, 'ok', actedAt), 'OK', actedAt, 'resolved-by-hand')
  }
}

function healthAfter(health: Health, refused: number, slot: number, spec: MonitorSpec): Health {
  if (refused === 0) return health.kind === 'healthy' ? health : { kind: 'healthy' }
  if (health.kind === 'groups-refused' && health.refused === refused) return health
  const since = health.kind === 'groups-refused' ? health.since : slot
  return { kind: 'groups-refused', since, refused, groupsMax: spec.groupsMax }
}

/** A group seen for the first time counts as OK before: if it is bad, that is a transition; if not, there is none. */
function newGroup(slot: number, judgedFrom: number): GroupState {
  return {
    status: 'OK',
    since: slot,
    level: 'ok',
    alertSince: slot,
    warnSince: slot,
    judgedFrom,
    value: null,
    missingSince: null,
    firstTriggeredAt: null,
    lastTriggeredAt: null,
    told: false,
    toldAt: null,
    repeats: 0,
    held: false,
  }
}

function isDue(dueAt: number | null, slot: number): boolean {
  return dueAt !== null && dueAt <= slot
}
