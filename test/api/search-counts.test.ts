/** Counts of searches are old only where counting is slow, and never for long. */
import { expect, test } from 'vitest'
import { countsAgeMaxMs, keptCounts } from '../../api/search-counts.ts'

function counter(tookMs: number) {
  let [nowMs, counted] = [1_000, 0]
  const count = async (): Promise<number> => {
    nowMs += tookMs
    counted += 1
    return counted
  }
  const counts = keptCounts<number>(() => nowMs)
  return {
    ask: (search = 'all') => counts(search, count),
    counts,
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}

test('what is counted quickly is counted each time', async () => {
  const { ask } = counter(5)
  expect([await ask(), await ask(), await ask()]).toEqual([1, 2, 3])
})

test.each([
  { took: 50, kept: 900, gone: 960 },
  { took: 100, kept: 1_800, gone: 1_910 },
  { took: 1_000, kept: countsAgeMaxMs - 1_001, gone: countsAgeMaxMs - 999 },
])('counted in $took ms it is kept for $kept ms more, and not for $gone', async ({ took, kept, gone }) => {
  const { ask, pass } = counter(took)
  expect(await ask()).toBe(1)
  pass(kept)
  expect(await ask()).toBe(1)
  pass(gone - kept)
  expect(await ask()).toBe(2)
})

test('each search has counts of its own', async () => {
  const { ask } = counter(100)
  expect([await ask('one'), await ask('other'), await ask('one')]).toEqual([1, 2, 1])
})

test('who asks while it is counted again waits for the same', async () => {
  const { ask, pass } = counter(100)
  await ask()
  pass(countsAgeMaxMs)
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([2, 2, 2])
})

test('a failure is told to who asked, and kept for nobody', async () => {
  const { counts } = counter(0)
  await expect(counts('all', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await counts('all', async () => 7)).toBe(7)
})

test('of many searches the oldest are forgotten', async () => {
  const { ask } = counter(30)
  for (let index = 0; index < 200; index += 1) await ask(`search ${index}`)
  expect(await ask('search 199')).toBe(200)
  expect(await ask('search 0')).toBe(201)
})
