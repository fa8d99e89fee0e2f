/**
 * The only state machine: (state, event) → next state and effects as data. Pure and total: any event in any state has an
 * answer, JSON in and JSON out, no clock. Everything that decides calls it: the workflow, backtests, scenario files.
 * Read next: draft.ts (how a change is recorded), observe.ts (what an evaluation tells), workflows/monitor.ts.
 */
import { assertNever } from '../assert.ts'
import { latestSlot, nextSlot } from '../schedule/timetable.ts'
import { acknowledge } from './acknowledge.ts'
import { judgeBundles, rebundle } from './bundles.ts'
import { earnedStatus, sinceOfLevel, withLevel } from './condition.ts'
import { dueBundles, groupDueAt, isDue, levelDueAt, missingDueAt, retentionDueAt, survey, timeoutDueAt } from './deadlines.ts'
import type { Silence } from './downtimes.ts'
import { closeDraft, type Draft, groupOf, isEmpty, openDraft, putGroup, removeGroup } from './draft.ts'
import { failGroups, judgedStatus, restoreGroups, restoreStandIn } from './failure.ts'
import { isStandIn, keepsGroup } from './identity.ts'
import { forgetOld, judgedFrom, newGroup, recall, rememberLeft } from './new-group.ts'
import { roomBeside } from './room.ts'
import { settleFlapping } from './settle.ts'
import { isLate } from './slot-event.ts'
import type { MonitorSpec, Status } from './spec-types.ts'
import { changeStatus } from './tell.ts'
import type {
  GroupReading,
  GroupState,
  Health,
  MissingGroup,
  MonitorEvent,
  MonitorState,
  Observation,
  StepResult,
  TransitionReason,
} from './types.ts'
import { followDowntimes, membersNow, silenceOf, tellIfDue, tellOwed, unitKeys } from './units.ts'
import { upgradeSpec } from './upgrade.ts'

export function step(state: MonitorState, event: MonitorEvent): StepResult {
  const draft = openDraft(state, 'newest' in event ? (event.newest ?? state.lastSlot) : state.lastSlot)
  switch (event.kind) {
    case 'observed':
      observed(draft, event.observation)
      break
    case 'quiet':
      advance(draft, event.through)
      tellOwedUnlessLate(draft)
      break
    case 'respecified':
      respecified(draft, event.spec, event.at, event.agenda ?? null)
      break
    case 'resolved':
      resolved(draft, event.groups, event.at)
      break
    case 'acknowledged':
      acknowledge(draft, event.groups, event.said, betweenSlots(draft, event.at))
      break
    case 'paused':
      draft.paused = true
      // Nobody catches up in a pause: what was to be told of before is told now.
      tellOwedUnlessLate(draft)
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
  const { slot } = observation
  // A slot that was judged before says nothing new: a repeated signal, a replayed slot.
  if (slot <= draft.lastSlot) return
  // The slots of a pause aren't judged afterwards, also not by an evaluation that somebody asks for in it.
  if (!draft.paused) advance(draft, latestSlot(draft, slot - 1) ?? draft.lastSlot)
  draft.lastSlot = slot
  const silence = silenceOf(draft)
  if (observation.agenda !== undefined) draft.agenda = observation.agenda
  if (observation.downtimes !== undefined) draft.downtimes = observation.downtimes
  if (observation.causes !== undefined) draft.causes = observation.causes
  judge(draft, observation, slot, silence)
  if (observation.downtimes !== undefined || observation.causes !== undefined) followDowntimes(draft, slot, silence)
  tellOwedUnlessLate(draft)
}

/** What the outcome means for groups and health. */
function judge(draft: Draft, observation: Observation, slot: number, silence: Silence): void {
  const { outcome, changed, missing } = observation
  switch (outcome.kind) {
    case 'failed':
      // By itself a failing evaluation changes no state.
      if (draft.health.kind !== 'failing') draft.health = { kind: 'failing', since: slot, reason: outcome.reason }
      failGroups(draft, draft.health.since, slot)
      judgeBundles(draft, slot)
      // Repeats wait for a slot that could be looked at, but for those of what the failure itself has made bad.
      if (draft.spec.onEvaluationError === 'alert') tellAllDue(draft, unitKeys(draft), slot, silence)
      return
    case 'skipped':
      return
    case 'ok': {
      restoreStandIn(draft, changed, slot)
      const unjudged = new Set(observation.partial)
      const refused = hearAll(draft, changed, slot) + observation.refused
      for (const group of missing) miss(draft, group, slot)
      for (const key of unjudged) seeGaps(draft, key, slot)
      if (draft.health.kind === 'failing') restoreGroups(draft, slot, unjudged)
      meetDeadlines(draft, slot, silence, unjudged)
      draft.health = healthAfter(draft.health, refused, slot, draft.spec)
      return
    }
    default:
      assertNever(outcome)
  }
}

/** Lets the slots after `lastSlot` up to `through` pass, none of which said anything new. */
function advance(draft: Draft, through: number): void {
  const silence = silenceOf(draft)
  let dueAt = draft.before.nextDueAt
  while (dueAt !== null) {
    const slot = nextSlot(draft, Math.max(draft.lastSlot, dueAt - 1))
    // Said this way round, a deadline that is no number ends the loop, too.
    if (slot === null || !(slot <= through)) break
    draft.lastSlot = slot
    meetDeadlines(draft, slot, silence)
    dueAt = survey(draft).nextDueAt
  }
  draft.lastSlot = Math.max(draft.lastSlot, through)
}

function tellOwedUnlessLate(draft: Draft): void {
  if (!isLate(draft.lastSlot, draft.newest)) tellOwed(draft, draft.lastSlot)
}

/** Groups that have a value. Returns how many new ones there was no room for. */
function hearAll(draft: Draft, readings: readonly GroupReading[], slot: number): number {
  if (readings.length === 0) return 0
  // Where one of them is known, nobody need look whether any is: of 10,000 that takes a millisecond.
  const isFirst = readings.every(({ group }) => groupOf(draft, group) === undefined) && isEmpty(draft.groups)
  const room = roomBeside(draft.groups, draft.spec.groupsMax, { ...draft.spec, forgotten: draft.forgotten })
  let refused = 0
  for (const reading of readings) {
    // The one name that a JSON object can't hold. Keys of groups have a colon (group.ts), so no source ever sends it.
    if (reading.group === '__proto__') continue
    const known = groupOf(draft, reading.group)
    if (known === undefined && !room.take(reading.group)) {
      refused += 1
      continue
    }
    hear(draft, reading, known ?? newGroup(slot, judgedFrom(draft, reading.group, slot, isFirst)), slot)
    if (known === undefined) recall(draft, reading.group)
  }
  return refused
}

/** One group has a value: what it has earned by now takes effect at once, what hold or keep_firing delay is a deadline. */
function hear(draft: Draft, reading: GroupReading, group: GroupState, slot: number): void {
  const heard = withReading(group, reading, slot)
  const before = judgedStatus(group)
  const to = earnedStatus(draft.spec, before === group.status ? heard : { ...heard, status: before }, slot)
  // What evaluations that failed had changed is taken back, where the source says so.
  const reason = to === before && to !== group.status ? 'evaluation-recovered' : reasonOf(before, to)
  if (to !== group.status) changeStatus(draft, reading.group, heard, to, slot, reason)
  else putGroup(draft, reading.group, heard.beforeFailure === null ? heard : { ...heard, beforeFailure: null })
}

function withReading(group: GroupState, { level, value }: GroupReading, slot: number): GroupState {
  if (group.level === level) return { ...group, value, missingSince: null }
  return { ...group, ...sinceOfLevel(group, level, slot), value, missingSince: null }
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

/** A missing group has data again, if not enough to be judged by: whatever counts from its last data counts from here. */
function seeGaps(draft: Draft, key: string, slot: number): void {
  const group = groupOf(draft, key)
  const dataAt = slot - draft.spec.delayMs
  if (group === undefined || group.missingSince === null || group.missingSince >= dataAt) return
  putGroup(draft, key, { ...group, missingSince: dataAt })
}

/** Applies what is due at `slot` to each group, in order of keys, then to their bundles. `unjudged` ones are only told of. */
function meetDeadlines(draft: Draft, slot: number, silence: Silence, unjudged: ReadonlySet<string> = nobody): void {
  const due: string[] = []
  for (const key of mayAllBeDue(draft, slot) ? Object.keys(draft.groups) : draft.changed) {
    const group = draft.groups[key]
    if (group !== undefined && isDue(groupDueAt(draft, key, group), slot)) due.push(key)
  }
  const left = draft.removed.size
  for (const key of due.sort()) for (const meet of unjudged.has(key) ? [tellGroup] : deadlines) meetOne(draft, key, slot, silence, meet)
  if (draft.removed.size > left) forgetOld(draft, slot)
  judgeBundles(draft, slot)
  tellAllDue(draft, dueBundles(draft, slot), slot, silence)
  settleFlapping(draft, slot)
}

const nobody: ReadonlySet<string> = new Set()

/** Not only groups that changed in this step: a deadline has come, or what deadlines are counted from has changed. */
function mayAllBeDue({ before, spec, downtimes, causes }: Draft, slot: number): boolean {
  const sameHolders = downtimes === before.downtimes && causes.length === 0 && before.causes === undefined
  return isDue(before.nextDueAt, slot) || spec !== before.spec || !sameHolders
}

function tellAllDue(draft: Draft, keys: readonly string[], slot: number, silence: Silence): void {
  const members = membersNow(draft)
  for (const key of keys) tellIfDue(draft, key, slot, silence, members)
}

type Deadline = (draft: Draft, key: string, group: GroupState, slot: number, silence: Silence) => void

const tellGroup: Deadline = (draft, key, _group, slot, silence) => {
  if (draft.spec.notifyBy === null) tellIfDue(draft, key, slot, silence)
}

/** In this order: what the data means, then who hears of it, then who leaves. */
const deadlines: readonly Deadline[] = [
  (draft, key, group, slot) => {
    const to = isDue(levelDueAt(draft.spec, group), slot) ? earnedStatus(draft.spec, group, slot) : group.status
    if (to !== group.status) changeStatus(draft, key, group, to, slot, reasonOf(group.status, to))
  },
  (draft, key, group, slot) => {
    if (isDue(timeoutDueAt(draft.spec, group), slot)) changeStatus(draft, key, group, 'OK', slot, 'timed-out')
  },
  (draft, key, group, slot) => {
    if (!isDue(missingDueAt(draft.spec, group), slot)) return
    if (draft.spec.missing.action === 'resolve') changeStatus(draft, key, group, 'OK', slot, 'missing-data-resolves')
    else changeStatus(draft, key, group, 'No Data', slot, 'data-missing')
  },
  tellGroup,
  (draft, key, group, slot) => {
    if (!isDue(retentionDueAt(draft.spec, group), slot)) return
    rememberLeft(draft, key, group, slot)
    removeGroup(draft, key)
  },
]

function meetOne(draft: Draft, key: string, slot: number, silence: Silence, meet: Deadline): void {
  const group = draft.groups[key]
  if (group !== undefined) meet(draft, key, group, slot, silence)
}

/** A newer definition. Every group whose identity still exists keeps its state. */
function respecified(draft: Draft, spec: MonitorSpec, at: number, agenda: readonly number[] | null): void {
  const old = draft.spec
  if (spec.version <= old.version) return
  const silence = silenceOf(draft)
  draft.spec = upgradeSpec(spec)
  draft.agenda = agenda
  if (draft.spec.inhibitedBy === undefined) draft.causes = []
  for (const [key, group] of Object.entries(draft.groups)) if (!keepsGroup(spec, key) && !isStandIn(key, group)) removeGroup(draft, key)
  const actedAt = betweenSlots(draft, at)
  if (JSON.stringify(old.notifyBy) !== JSON.stringify(spec.notifyBy)) rebundle(draft, old.notifyBy, actedAt)
  judgeBundles(draft, actedAt)
  if (draft.spec.flapping === undefined) settleFlapping(draft, actedAt, true)
  followDowntimes(draft, actedAt, silence)
}

/** Groups are OK by hand; the next evaluation judges them afresh, also one that is caught up: the hand acts before it. */
function resolved(draft: Draft, groups: '*' | readonly string[], at: number): void {
  const actedAt = betweenSlots(draft, at)
  const keys = groups === '*' ? Object.keys(draft.groups) : groups
  for (const key of [...keys].sort()) {
    const group = groupOf(draft, key)
    if (group === undefined || group.status === 'OK') continue
    changeStatus(draft, key, withLevel(group, 'ok', actedAt), 'OK', actedAt, 'resolved-by-hand')
  }
  judgeBundles(draft, actedAt)
}

/** What somebody does comes after the last slot and before the next, however late that is evaluated. */
function betweenSlots(draft: Draft, at: number): number {
  const next = nextSlot(draft, draft.lastSlot)
  return Math.max(draft.lastSlot, draft.paused || next === null ? at : Math.min(at, next - 1))
}

function healthAfter(health: Health, refused: number, slot: number, spec: MonitorSpec): Health {
  if (refused === 0) return health.kind === 'healthy' ? health : { kind: 'healthy' }
  if (health.kind === 'groups-refused' && health.refused === refused) return health
  const since = health.kind === 'groups-refused' ? health.since : slot
  return { kind: 'groups-refused', since, refused, groupsMax: spec.groupsMax }
}
