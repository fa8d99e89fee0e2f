/**
 * Downtime × state × end × first recovery, every combination: a group is in one state before a downtime, in another within it, in
 * another in the slot of its end, and in another afterwards. What is expected is worked out here from what semantics say of downtimes,
 * by a narrator that knows slots and what people heard, and nothing of the state machine.
 */
import { describe, expect, test } from 'vitest'
import { observe } from '../../../core/monitor/observe.ts'
import { slotEvent } from '../../../core/monitor/slot-event.ts'
import type { Downtime, MonitorState, Transition } from '../../../core/monitor/types.ts'
import { minuteMs, nextSlot, play, stateOf } from './fixtures.ts'

const states = ['OK', 'Warn', 'Alert', 'No Data'] as const
type State = (typeof states)[number]
type Bad = Exclude<State, 'OK'>
const measured: Readonly<Record<State, number | null>> = { OK: 10, Warn: 85, Alert: 95, 'No Data': null }

/** `elsewhere`: it is about other groups. `lasting`: it doesn't end. */
const ends = ['expired', 'canceled', 'lasting', 'elsewhere'] as const
type End = (typeof ends)[number]
const endTypes = [[], ['expired'], ['canceled'], ['expired', 'canceled']] as const

type Case = Readonly<{
  before: State
  within: State
  atEnd: State
  after: State
  end: End
  notifyEndTypes: readonly ('expired' | 'canceled')[]
  notifyEndStates: readonly Bad[]
  muteFirstRecovery: boolean
}>

/** Slot 0 has data, 1 is before, 2 begins, 3 is within, 4 ends, 5 is after. */
const slotOf = { before: 1, begin: 2, within: 3, end: 4, after: 5 } as const

describe.each(states)('before a downtime %s', (before) => {
  test.each(states)('and within it %s', (within) => {
    let told = 0
    for (const atEnd of states) {
      for (const rest of restOf(before, within, atEnd)) {
        const expected = narrated(rest)
        expect(decided(rest), JSON.stringify(rest)).toEqual(expected)
        told += expected.filter((line) => line.includes(' told')).length
      }
    }
    expect(told).toBeGreaterThan(0)
  })
})

test('there are that many combinations', () => {
  const all = states.flatMap((before) => states.flatMap((within) => states.flatMap((atEnd) => [...restOf(before, within, atEnd)])))
  expect(all).toHaveLength(4 * 4 * 4 * 4 * 4 * 4 * 8 * 2)
})

function* restOf(before: State, within: State, atEnd: State): Generator<Case> {
  for (const after of states)
    for (const end of ends)
      for (const notifyEndTypes of endTypes)
        for (const notifyEndStates of subsets(['Warn', 'Alert', 'No Data']))
          for (const muteFirstRecovery of [false, true])
            yield { before, within, atEnd, after, end, notifyEndTypes, notifyEndStates, muteFirstRecovery }
}

function subsets(all: readonly Bad[]): Bad[][] {
  return Array.from({ length: 2 ** all.length }, (_, bits) => all.filter((_one, index) => (bits >> index) % 2 === 1))
}

/** What the state machine decides, a line for each transition. */
function decided({ end, notifyEndStates, notifyEndTypes, muteFirstRecovery, ...states }: Case): string[] {
  let state = stateOf({ missing: { action: 'notify', timeframeMs: minuteMs } })
  const first = nextSlot(state)
  const at = (slot: number): number => first + slot * minuteMs
  const downtime: Downtime = {
    id: 'one',
    scope: end === 'elsewhere' ? { kind: 'tag', key: 'host', value: 'b' } : { kind: 'all' },
    startAt: at(slotOf.begin),
    endAt: end === 'expired' ? at(slotOf.end) : end === 'canceled' ? at(1_000) : null,
    notifyEndStates,
    notifyEndTypes,
    muteFirstRecovery,
  }
  const isListed = (slot: number): boolean => slot >= slotOf.begin && (slot < slotOf.end || end === 'lasting' || end === 'elsewhere')
  return timeline(states).flatMap((status, slot) => {
    const run = play(state, [eventAt(status, isListed(slot) ? [downtime] : [])])
    state = run.state
    return run.transitions.map((transition) => lineOf(slot, transition))
  })
}

function eventAt(status: State, downtimes: readonly Downtime[]) {
  return (state: MonitorState) => {
    const slot = nextSlot(state)
    const value = measured[status]
    return slotEvent(slot, observe(state, slot, value === null ? {} : { 'host:a': value }, { downtimes }))
  }
}

function lineOf(slot: number, { from, to, notify }: Transition): string {
  return `${slot} ${from} → ${to}, ${notify.send ? 'told' : 'not told'} ${notify.reason}`
}

function timeline({ before, within, atEnd, after }: Pick<Case, 'before' | 'within' | 'atEnd' | 'after'>): readonly State[] {
  return ['OK', before, before, within, atEnd, after]
}

/**
 * What shall be told. People have either heard of the group's trouble or not; that is all that is remembered.
 * - Held is what is bad; a recovery is told through a downtime if people had heard, unless it is asked not to.
 * - At the end of the downtime what is still bad is told, if it ended in a way and in a state that was asked for. What changes in
 *   that very slot is told as any change.
 * - A recovery of what nobody heard of is told to nobody.
 */
function narrated(given: Case): string[] {
  let heard = false
  const all = timeline(given)
  return all.flatMap((now, slot) => {
    const was = all[slot - 1] ?? 'OK'
    const what = now === was ? remained(given, now, slot) : changed(given, { was, now, heard }, slot)
    if (now === 'OK') heard = false
    else if (what?.startsWith('told') === true) heard = true
    return what === null ? [] : [`${slot} ${was} → ${now}, ${what}`]
  })
}

function changed(given: Case, { was, now, heard }: Readonly<{ was: State; now: State; heard: boolean }>, slot: number): string {
  const held = given.end !== 'elsewhere' && slot >= slotOf.begin && (slot < slotOf.end || !hasEnd(given))
  if (now !== 'OK') return held ? 'not told held-by-downtime' : `told ${entered[now]}`
  if (!heard) return 'not told episode-was-never-told'
  if (held && given.muteFirstRecovery) return 'not told held-by-downtime'
  return was === 'No Data' ? 'told recovered-from-no-data' : 'told recovered'
}

function remained(given: Case, now: State, slot: number): string | null {
  if (now === 'OK' || slot !== slotOf.end || !hasEnd(given)) return null
  const { end, notifyEndStates, notifyEndTypes } = given
  const isAskedFor = notifyEndTypes.some((type) => type === end) && notifyEndStates.includes(now)
  return isAskedFor ? `told downtime-${end}` : null
}

function hasEnd({ end }: Case): boolean {
  return end === 'expired' || end === 'canceled'
}

const entered: Readonly<Record<Bad, string>> = { Warn: 'entered-warn', Alert: 'entered-alert', 'No Data': 'entered-no-data' }
