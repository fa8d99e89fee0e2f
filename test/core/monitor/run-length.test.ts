import { expect, test } from 'vitest'
import { isRunFull } from '../../../core/monitor/run-length.ts'

const bounds = { evaluationsPerRun: 25, evaluationsPerLongRun: 200, catchUpBatchMax: 60, catchUpHorizonMs: 86_400_000 }
const kb = 1_000

test.each([
  ['a small state: after the usual number', { evaluations: 25, startBytes: 3 * kb, bytes: 25 * kb }, true],
  ['not before that', { evaluations: 24, startBytes: 3 * kb, bytes: 90 * kb }, false],
  [
    'a large state: not while carrying it over costs more than the run did',
    { evaluations: 60, startBytes: 150 * kb, bytes: 400 * kb },
    false,
  ],
  ['but then', { evaluations: 90, startBytes: 150 * kb, bytes: 450 * kb }, true],
  ['a large state in quiet times: no longer than a replay may take', { evaluations: 200, startBytes: 150 * kb, bytes: 320 * kb }, true],
  ['nor a slot earlier', { evaluations: 199, startBytes: 150 * kb, bytes: 320 * kb }, false],
  ['on a server that doesn’t say how large a history is', { evaluations: 25, startBytes: 0, bytes: 0 }, true],
])('%s', (_what, run, full) => {
  expect(isRunFull(run, bounds)).toBe(full)
})

test('a run that began before there were long ones ends as it would have then', () => {
  const { evaluationsPerLongRun: _, ...older } = bounds
  expect(isRunFull({ evaluations: 25, startBytes: 150 * kb, bytes: 170 * kb }, older)).toBe(true)
})
