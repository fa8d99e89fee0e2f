/** Who hears of what, whatever happens: no alert without its recovery, no word without a reason. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import type { MonitorState, Transition } from '../../../core/monitor/types.ts'
import { minuteMs, play } from './fixtures.ts'
import { type Happening, start, story, tell } from './stories.ts'

/** The same happenings, but for edits of these options. */
function without(happenings: readonly Happening[], ...names: readonly (keyof MonitorSpec)[]): Happening[] {
  return happenings.map((what) => {
    if (what.kind !== 'edit') return what
    const kept = Object.entries(what.changes).filter(([name]) => !names.some((left) => left === name))
    return { ...what, changes: Object.fromEntries(kept) }
  })
}

/** Groups, or with `notify_by` bundles: those whose transitions are told. */
function isUnit({ spec: { notifyBy } }: MonitorState, { bundle, notify, reason }: Transition): boolean {
  return notifyBy === null || bundle !== null || reason === 'caught-up' || notify.reason !== 'told-with-its-bundle'
}

test('whoever heard of an episode hears of its end, unless something says why not; nobody else does', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      const heard = new Set<string>()
      let state = start({ ...spec, draft: false })
      for (const what of without(happenings, 'draft', 'notifyBy')) {
        const run = play(state, tell([what]))
        // What is owed may be told after the end that it led to.
        const owed = new Set([...Object.keys(state.owed), ...Object.keys(run.state.owed)])
        for (const transition of run.transitions) if (isUnit(run.state, transition)) follow(heard, owed, transition)
        state = run.state
        forgetLeft(heard, state)
      }
    }),
  )
})

function follow(heard: Set<string>, owed: ReadonlySet<string>, { group, from, to, notify }: Transition): void {
  const { send, reason } = notify
  // How it ends is told when it has settled.
  if (reason === 'held-while-flapping') return
  if (to !== 'OK' || reason === 'flapping') {
    if (send) heard.add(group)
  } else if (send) {
    expect([from, reason === 'late-note']).toEqual([from, !heard.has(group)])
    heard.delete(group)
  } else if (reason === 'held-by-downtime') heard.delete(group)
  else if (!owed.has(group)) expect([reason, heard.has(group)]).toEqual(['episode-was-never-told', false])
}

/** What left by its retention left in silence. */
function forgetLeft(heard: Set<string>, { spec, groups, bundles, owed }: MonitorState): void {
  const units = Object.keys(spec.notifyBy === null ? groups : bundles)
  for (const key of heard) if (!units.includes(key) && !(key in owed)) heard.delete(key)
}

test('nothing is told without a change, or a repeat, a run, a release or a late note that is due', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      const toldAt = new Map<string, number>()
      let state = start(spec)
      for (const what of without(happenings, 'notifyBy')) {
        const before = state
        const run = play(state, tell([what]))
        state = run.state
        for (const transition of run.transitions.filter(({ notify }) => notify.send)) {
          checkReason(before, state, transition, toldAt.get(transition.group))
          toldAt.set(transition.group, transition.slot)
        }
      }
    }),
  )
})

function checkReason(before: MonitorState, after: MonitorState, transition: Transition, toldAt: number | undefined): void {
  const { group, from, to, slot, reason, notify } = transition
  switch (reason) {
    case 'renotify':
      // A repeat of what is owed is told as what it is.
      if (notify.reason !== 'renotify') expect(before.owed[group]).toBeDefined()
      else expect(slot - (toldAt ?? slot)).toBeGreaterThanOrEqual(before.spec.renotify?.intervalMs ?? Number.POSITIVE_INFINITY)
      return
    case 'scheduled-run':
      expect(before.spec.schedule).not.toBeNull()
      expect(slot).toBeGreaterThan(toldAt ?? 0)
      return
    case 'downtime-ended':
      expect([...before.downtimes, ...Object.keys(before.spec.silenced)]).not.toEqual([])
      return
    case 'flapping':
    case 'settled':
      expect(before.spec.flapping ?? after.spec.flapping).toBeDefined()
      return
    case 'cause-ended':
      expect(before.causes ?? []).not.toEqual([])
      return
    case 'caught-up':
      expect(before.owed[group]).toBeDefined()
      return
    case 'bundle-changed':
      expect(after.spec.notifyBy).not.toBeNull()
      return
    case 'acknowledged':
    case 'unacknowledged':
      expect(notify.send).toBe(false)
      return
    default:
      expect([from, to, notify.reason]).not.toEqual([to, to, notify.reason])
  }
}

test('in one slot a unit is told once', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      let state = start(spec)
      for (const what of happenings) {
        const run = play(state, tell([what]))
        state = run.state
        const told = run.transitions
          .filter(({ notify }) => notify.send)
          .map(({ group, slot, to, reason }) => `${group} at ${slot}: ${to}, ${reason}`)
        const units = told.map((text) => text.split(':').slice(0, -1).join(':'))
        expect(told.filter((_, index) => units.indexOf(units[index] ?? '') !== index)).toEqual([])
      }
    }),
  )
})

test('what is acknowledged isn’t repeated', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      let state = start({ ...spec, renotify: { intervalMs: minuteMs, occurrences: null, statuses: ['Alert', 'Warn', 'No Data'] } })
      for (const what of without(happenings, 'renotify', 'notifyBy')) {
        const run = play(state, tell([what]))
        for (const repeat of run.transitions.filter(isRepeat)) checkAcknowledged(state, run.transitions, repeat)
        state = run.state
      }
    }),
  )
})

function isRepeat({ notify }: Transition): boolean {
  return notify.send && (notify.reason === 'renotify' || notify.reason === 'scheduled-run')
}

function checkAcknowledged(before: MonitorState, transitions: readonly Transition[], { group, slot }: Transition): void {
  const until = (before.groups[group] ?? before.bundles[group])?.acknowledged?.until
  // With a change in the same step the acknowledgment has ended.
  const changed = transitions.some((other) => other.group === group && other.from !== other.to)
  if (until !== undefined && !changed) expect(slot).toBeGreaterThanOrEqual(until ?? Number.POSITIVE_INFINITY)
}

test('a draft tells nobody', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      const { transitions } = play(start({ ...spec, draft: true }), tell(without(happenings, 'draft')))
      expect(transitions.filter(({ notify }) => notify.send)).toEqual([])
    }),
  )
})

test('under a mute of everything nothing that gets worse or goes on is told', () => {
  fc.assert(
    fc.property(story, ({ spec, happenings }) => {
      const { transitions } = play(start({ ...spec, silenced: { '*': null } }), tell(without(happenings, 'silenced')))
      expect(transitions.filter(({ notify }) => notify.send)).toEqual([])
    }),
  )
})
