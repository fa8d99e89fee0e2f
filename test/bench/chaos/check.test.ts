/**
 * The checker of the fault laboratory can fail: facts as they must be hold, and each way in which they can be wrong breaks the invariant
 * that is about it. Read next: bench/chaos/check/check.ts.
 */
import { describe, expect, test } from 'vitest'
import type { CarriedOut } from '../../../bench/chaos/carry-out.ts'
import { judge } from '../../../bench/chaos/check/check.ts'
import type { Facts, MonitorFacts } from '../../../bench/chaos/check/facts.ts'
import type { Verdict } from '../../../bench/chaos/check/invariant.ts'
import { judgeLogs, judgeRest } from '../../../bench/chaos/check/rest.ts'
import type { Arrival } from '../../../bench/chaos/receivers.ts'
import { isMuted, paceOf, receiversOf, sourceOf, valuesAt } from '../../../bench/chaos/script.ts'
import { messageId } from '../../../core/message/id.ts'
import { begin } from '../../../core/monitor/begin.ts'
import { emptyLedger, recordSlots } from '../../../core/monitor/ledger.ts'
import { observe } from '../../../core/monitor/observe.ts'
import { slotEvent, transitionsOf, withoutValues } from '../../../core/monitor/slot-event.ts'
import { step } from '../../../core/monitor/step.ts'
import type { Transition } from '../../../core/monitor/types.ts'
import { slotAfter } from '../../../core/schedule/slots.ts'
import { epoch, specOf } from '../../core/monitor/fixtures.ts'

const seed = 7
const pace = paceOf(12)
const slotsCount = 60
/** Steady sources have even numbers, shaky ones odd; of the latter one slot in the middle failed. */
const watched = Array.from({ length: 12 }, (_, index) => index).filter((index) => !isMuted(index))
const failedNth = 30

/** What an undisturbed engine leaves behind. */
function factsOf(): Facts {
  const monitors = watched.map(monitorFacts)
  return { monitors, arrivals: monitors.flatMap(arrivalsOf) }
}

function monitorFacts(index: number): MonitorFacts {
  const monitorId = 1_000 + index
  const spec = specOf({
    monitorId,
    type: 'promql alert',
    intervalMs: pace.intervalS * 1_000,
    windowMs: pace.intervalS * 1_000,
    thresholds: { critical: 90, warning: 80, criticalRecovery: 88, warningRecovery: 75 },
    missing: { action: 'resolve', timeframeMs: pace.intervalS * 1_000 },
  })
  const firstSlot = slotAfter(monitorId, spec.intervalMs, epoch)
  let [{ state }, ledger] = [begin(spec, null, firstSlot), emptyLedger]
  const transitions: Transition[] = []
  for (let nth = 0; nth < slotsCount; nth += 1) {
    const slot = slotAfter(monitorId, spec.intervalMs, state.lastSlot)
    const values = Object.entries(valuesAt(seed, index, slot, pace)).map(([host, value]) => [`host:${host}`, value])
    const fails = sourceOf(index) === 'shaky' && nth === failedNth
    const seen = fails ? withoutValues(slot, { kind: 'failed', reason: 'down' }) : observe(state, slot, Object.fromEntries(values))
    const result = step(state, slotEvent(slot, seen))
    ledger = recordSlots(ledger, [slot], seen === null ? [] : [seen], slot)
    state = result.state
    transitions.push(...transitionsOf(result.effects))
  }
  const told = transitions.filter(({ notify }) => notify.send)
  const deliveries = told.flatMap(({ sequence }) =>
    ['log', ...receiversOf(index)].map((receiver) => ({ sequence, receiver, status: 'delivered', tells: [sequence] })),
  )
  const notified = told.map(({ sequence }) => [sequence])
  return { index, monitorId, firstSlot, spec, answer: { state, ledger }, transitions, groups: state.groups, notified, deliveries }
}

function arrivalsOf({ monitorId, transitions, deliveries }: MonitorFacts): Arrival[] {
  return deliveries
    .filter(({ receiver }) => receiver !== 'log')
    .map(({ sequence, receiver }) => {
      const transition = transitions[sequence - 1] ?? { sequence, slot: 0 }
      const id = messageId(monitorId, transition, receiver)
      return { receiver, id, digest: `of ${id}`, accepted: true, atMs: transition.slot }
    })
}

/** The failed slot is that of a disturbance. */
const faults: readonly CarriedOut[] = [
  {
    ...{ nth: 1, name: 'source-500', target: 'shaky', alone: false, problem: null },
    ...{ beganMs: epoch + 120_000, endedMs: epoch + 200_000 },
  },
]

const good = factsOf()
const brokenIn = (verdicts: readonly Verdict[]): string[] => verdicts.flatMap((one) => (one.violations.length > 0 ? [one.invariant] : []))
const judged = (facts: Facts): string[] => brokenIn(judge(facts, seed, pace, faults))

/** Of a monitor whose source is steady, and that has told several things to a receiver. */
const chosen = good.monitors.find(
  ({ index, notified }) => sourceOf(index) === 'steady' && receiversOf(index).length > 0 && notified.length > 4,
)
if (chosen === undefined) throw new Error('the seed brings no monitor that tells enough')
const { index: chosenIndex } = chosen

function withMonitor(change: (monitor: MonitorFacts) => Partial<MonitorFacts>): Facts {
  return { ...good, monitors: good.monitors.map((one) => (one.index === chosenIndex ? { ...one, ...change(one) } : one)) }
}

function withAnswer(change: (answer: NonNullable<MonitorFacts['answer']>) => Partial<NonNullable<MonitorFacts['answer']>>): Facts {
  return withMonitor(({ answer }) => (answer === null ? {} : { answer: { ...answer, ...change(answer) } }))
}

const changed = <Item>(all: readonly Item[], nth: number, change: Partial<Item>): Item[] =>
  all.map((one, index) => (index === nth ? { ...one, ...change } : one))
const without = <Item>(all: readonly Item[], nth: number): Item[] => all.filter((_, index) => index !== nth)
const renumbered = (all: readonly Transition[]): Transition[] => all.map((one, index) => ({ ...one, sequence: index + 1 }))
const ofChosen = (arrivals: readonly Arrival[]): number => arrivals.findIndex(({ id }) => id.startsWith(`msg_${chosen.monitorId}_`))
const first = ofChosen(good.arrivals)

const truth = 'transitions and states are what step() alone decides'
const numbers = 'transitions are numbered without a gap, in order of slots'
const stored = 'PostgreSQL holds the states that the workflows have'
const slots = 'every slot is accounted for'
const steady = 'no slot of an undisturbed source failed'
const intents = 'each transition to be told is in one notification'
const lastWord = 'the last word that was told of a group is what it is'
const arrived = 'every notification arrived'
const intended = 'nothing arrived that was not intended'
const once = 'what comes again is the same under the same id'
const order = 'messages of a group came in order'

test('facts as they must be hold, with transitions, failed slots and messages among them', () => {
  expect(good.arrivals.length).toBeGreaterThan(50)
  expect(good.monitors.some(({ answer }) => answer?.ledger.failed === 1)).toBe(true)
  expect(judged(good)).toEqual([])
})

test('the order of a state’s groups, which a load from PostgreSQL changes, is nothing wrong', () => {
  const reversed = ({ answer }: MonitorFacts): Partial<MonitorFacts> =>
    answer === null
      ? {}
      : { answer: { ...answer, state: { ...answer.state, groups: Object.fromEntries(Object.entries(answer.state.groups).toReversed()) } } }
  const facts = { ...good, monitors: good.monitors.map((one) => ({ ...one, ...reversed(one) })) }
  expect(facts.monitors.some(({ answer }) => Object.keys(answer?.state.groups ?? {}).length > 1)).toBe(true)
  expect(judged(facts)).toEqual([])
})

describe('what is wrong is seen', () => {
  test.each<Readonly<{ what: string; facts: () => Facts; breaks: string }>>([
    {
      what: 'a transition that was lost',
      breaks: truth,
      facts: () => withMonitor(({ transitions }) => ({ transitions: renumbered(without(transitions, 1)) })),
    },
    {
      what: 'a transition that was decided twice',
      breaks: truth,
      facts: () =>
        withMonitor(({ transitions }) => ({
          transitions: renumbered(transitions.flatMap((one, nth) => (nth === 1 ? [one, one] : [one]))),
        })),
    },
    {
      what: 'a value of another slot',
      breaks: truth,
      facts: () => withMonitor(({ transitions }) => ({ transitions: changed(transitions, 0, { value: 99.999 }) })),
    },
    {
      what: 'a transition of a moment that is no slot',
      breaks: truth,
      facts: () => withMonitor(({ transitions }) => ({ transitions: changed(transitions, 0, { slot: (transitions[0]?.slot ?? 0) + 1 }) })),
    },
    { what: 'a state that is another', breaks: truth, facts: () => withAnswer(({ state }) => ({ state: { ...state, groups: {} } })) },
    { what: 'a monitor without an answer', breaks: truth, facts: () => withMonitor(() => ({ answer: null })) },
    {
      what: 'a gap in the numbers',
      breaks: numbers,
      facts: () => withMonitor(({ transitions }) => ({ transitions: without(transitions, 1) })),
    },
    {
      what: 'a workflow that has counted further',
      breaks: numbers,
      facts: () => withAnswer(({ state }) => ({ state: { ...state, sequence: state.sequence + 1 } })),
    },
    {
      what: 'a group that PostgreSQL has lost',
      breaks: stored,
      facts: () => withMonitor(({ groups }) => ({ groups: Object.fromEntries(Object.entries(groups).slice(1)) })),
    },
    {
      what: 'a slot that nobody accounts for',
      breaks: slots,
      facts: () => withAnswer(({ ledger }) => ({ ledger: { ...ledger, evaluated: ledger.evaluated - 1 } })),
    },
    {
      what: 'a slot that failed though its source was well',
      breaks: steady,
      facts: () => withAnswer(({ ledger }) => ({ ledger: { ...ledger, evaluated: ledger.evaluated - 1, failed: 1 } })),
    },
    { what: 'an intent that was lost', breaks: intents, facts: () => withMonitor(({ notified }) => ({ notified: without(notified, 0) })) },
    {
      what: 'an intent that stands twice',
      breaks: intents,
      facts: () => withMonitor(({ notified }) => ({ notified: [...notified, ...notified.slice(0, 1)] })),
    },
    {
      what: 'a recovery that nobody was to be told of',
      breaks: lastWord,
      facts: () =>
        withMonitor(({ transitions }) => ({
          transitions: transitions.map((one) => (one.sequence > 1 ? { ...one, notify: { send: false, reason: 'draft' } } : one)),
        })),
    },
    {
      what: 'a delivery that was lost',
      breaks: arrived,
      facts: () => withMonitor(({ deliveries }) => ({ deliveries: without(deliveries, 1) })),
    },
    {
      what: 'a message that counts as delivered and never came',
      breaks: arrived,
      facts: () => ({ ...good, arrivals: without(good.arrivals, first) }),
    },
    {
      what: 'a message that was refused to the end',
      breaks: arrived,
      facts: () => ({ ...good, arrivals: changed(good.arrivals, first, { accepted: false }) }),
    },
    {
      what: 'a message that nobody sent',
      breaks: intended,
      facts: () => ({
        ...good,
        arrivals: [...good.arrivals, { receiver: 'chaos-0', id: 'msg_1_1_1_chaos-0', digest: '', accepted: true, atMs: 0 }],
      }),
    },
    {
      what: 'a message at another receiver',
      breaks: intended,
      facts: () => ({ ...good, arrivals: changed(good.arrivals, first, { receiver: 'chaos-none' }) }),
    },
    {
      what: 'another body under an id that was seen',
      breaks: once,
      facts: () => ({ ...good, arrivals: [...good.arrivals, ...good.arrivals.slice(0, 1).map((one) => ({ ...one, digest: 'another' }))] }),
    },
    { what: 'messages that came the wrong way round', breaks: order, facts: () => ({ ...good, arrivals: good.arrivals.toReversed() }) },
  ])('$what', ({ facts, breaks }) => {
    expect(judged(facts())).toContain(breaks)
  })
})

describe('what is left at rest', () => {
  const empty = { unplanned: 0, open: 0, dead: 0, running: 10, telling: 0 }

  test('empty queues and all monitors running hold', () => {
    expect(judgeRest(empty, 10, []).violations).toEqual([])
  })

  test.each([
    ['a notification that nobody planned', { unplanned: 1 }],
    ['a delivery that is open', { open: 1 }],
    ['a delivery that was given up', { dead: 1 }],
    ['a monitor that is gone', { running: 9 }],
    ['a notification that still runs', { telling: 1 }],
  ])('%s does not', (_, change) => {
    expect(judgeRest({ ...empty, ...change }, 10, []).violations).toHaveLength(1)
  })

  test('neither does what did not come to rest in time', () => {
    expect(judgeRest(empty, 10, ['gave up waiting']).violations).toEqual(['gave up waiting'])
  })

  test('a secret in a log is seen, and not said again', () => {
    const { violations } = judgeLogs({ 'logs/api.log': 'started', 'logs/worker.log': 'Bearer a-secret-of-the-source' }, [
      'a-secret-of-the-source',
    ])
    expect(violations).toEqual(['logs/worker.log holds a-secr…'])
  })
})
