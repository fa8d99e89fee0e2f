import { expect, test } from 'vitest'
import { type EngineLook, isPunctual } from '../../core/punctual.ts'

const fine: EngineLook = { live: 1_000, overdue: 0, worstPriority: null, workers: 2 }

test.each<[string, Partial<EngineLook>, string | null]>([
  ['all on time', {}, null],
  ['nothing to evaluate is on time', { live: 0 }, null],
  ['one in a hundred may be late', { overdue: 10, worstPriority: 3 }, null],
  ['more may not', { overdue: 11, worstPriority: 3 }, '11 of 1000 monitors are overdue'],
  ['of few monitors none may be', { live: 20, overdue: 1 }, '1 of 20 monitors are overdue'],
  ['a single one of P1 is too many', { overdue: 1, worstPriority: 1 }, 'a monitor of P1 is overdue'],
  ['without workers nothing is on time', { workers: 0 }, 'no worker says that it lives'],
])('%s', (_name, change, reason) => {
  expect(isPunctual({ ...fine, ...change })).toEqual(reason === null ? { onTime: true } : { onTime: false, reason })
})
