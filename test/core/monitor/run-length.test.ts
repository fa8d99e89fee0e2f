import { expect, test } from 'vitest'
import { isRunFull } from '../../../core/monitor/run-length.ts'

const bounds = { evaluationsPerRun: 25, evaluationsPerLongRun: 200, catchUpBatchMax: 60, catchUpHorizonMs: 86_400_000 }

test.each([
  ['a small state: after the usual number', { evaluations: 25, told: 0, messages: 0 }, 10, true],
  ['not before that', { evaluations: 24, told: 90_000, messages: 0 }, 10, false],
  ['a large state: not while carrying it over costs more than the run did', { evaluations: 60, told: 6_000, messages: 0 }, 10_000, false],
  ['but then', { evaluations: 100, told: 10_000, messages: 0 }, 10_000, true],
  ['a large state in quiet times: no longer than a replay may take', { evaluations: 200, told: 0, messages: 0 }, 10_000, true],
  ['nor a slot earlier', { evaluations: 199, told: 0, messages: 0 }, 10_000, false],
  ['a flood of messages', { evaluations: 3, told: 0, messages: 200 }, 10, true],
])('%s', (_what, run, groups, full) => {
  expect(isRunFull(run, () => groups, bounds)).toBe(full)
})

test('a run that began before there were long ones ends as it would have then', () => {
  const { evaluationsPerLongRun: _, ...older } = bounds
  expect(isRunFull({ evaluations: 25, told: 0, messages: 0 }, () => 10_000, older)).toBe(true)
})
