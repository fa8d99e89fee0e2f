import { expect, test } from 'vitest'
import { type Evaluated, evaluationEntries } from '../../activities/evaluation-entries.ts'
import { failedSlots, type Question } from '../../core/monitor/evaluation.ts'
import { observe } from '../../core/monitor/observe.ts'
import { epoch, minuteMs, specOf, stateOf } from '../core/monitor/fixtures.ts'

const state = stateOf({ version: 3, delayMs: 1_000 })
const slots = [0, 1, 2].map((n) => epoch + n * minuteMs)
const [first = 0, second = 0, third = 0] = slots

const question: Question = { slots, newest: third, dropped: 0, lastDropped: null }

const evaluated = (more: Partial<Evaluated> = {}): Evaluated => ({
  spec: state.spec,
  question,
  reply: { now: third, observations: [] },
  readings: slots.map((slot) => ({ slot, values: { 'host:a': 1, 'host:b': 7, 'host:c': Number.NaN } })),
  asked: true,
  startedAt: third + 5,
  durationMs: 12,
  ...more,
})

test('a slot is what was asked, what came and how long it took; older ones are caught up', () => {
  const observation = observe(state, first, { 'host:a': 95 })
  const reply = { now: third, observations: observation === null ? [] : [observation] }
  const entries = evaluationEntries(evaluated({ reply }))
  expect(entries.map(({ slot, outcome, groupsTold }) => [slot, outcome, groupsTold])).toEqual([
    [first, 'caught-up', 1],
    [second, 'caught-up', 0],
    [third, 'evaluated', 0],
  ])
  expect(entries[2]).toEqual({
    monitorId: 1001,
    version: 3,
    slot: third,
    at: third + 5,
    outcome: 'evaluated',
    reason: null,
    values: { min: 1, max: 7 },
    groupsSeen: 2,
    groupsTold: 0,
    durationMs: 12,
    query: specOf().query,
    delayMs: 1_000,
  })
})

test('what the source says it sent counts more than the query', () => {
  const readings = slots.map((slot) => ({ slot, values: {}, sent: 'cpu > 90' }))
  expect(evaluationEntries(evaluated({ readings }))[0]).toMatchObject({ query: 'cpu > 90', values: null, groupsSeen: 0 })
})

test('a source that failed was asked; one that isn’t there wasn’t', () => {
  const reply = { now: third, observations: failedSlots(question, 'timeout: 8 s') }
  const failed = evaluationEntries(evaluated({ reply, readings: null }))
  expect(failed).toMatchObject(
    slots.map((slot) => ({ slot, outcome: 'failed', reason: 'timeout: 8 s', query: specOf().query, values: null })),
  )
  expect(evaluationEntries(evaluated({ reply, readings: null, asked: false }))[0]).toMatchObject({ query: null })
})

test('a slot that the source can’t answer was not asked for', () => {
  const readings = [{ slot: first, values: {}, skipped: 'too old' }]
  const reply = {
    observations: [{ slot: first, outcome: { kind: 'skipped', reason: 'too old' }, changed: [], missing: [], refused: 0 }] as const,
    now: third,
  }
  expect(evaluationEntries(evaluated({ reply, readings }))[0]).toMatchObject({ outcome: 'skipped', reason: 'too old', query: null })
})

test('slots that were too old to be evaluated are one entry, at the last of them', () => {
  const older: Question = { ...question, dropped: 7, lastDropped: first - minuteMs }
  const [dropped, ...others] = evaluationEntries(evaluated({ question: older }))
  expect(dropped).toMatchObject({
    slot: first - minuteMs,
    outcome: 'skipped',
    reason: 'older than the catch-up horizon (7 slots)',
    query: null,
  })
  expect(others).toHaveLength(3)
})
