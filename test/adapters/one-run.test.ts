import { expect, test } from 'vitest'
import { oneRun } from '../../adapters/postgres/one-run.ts'

test('one run at a time works off all that waits', async () => {
  const waiting = [1, 2, 3]
  let runs = 0
  let most = 0
  const work = oneRun(
    async () => {
      runs += 1
      most = Math.max(most, runs)
      while (waiting.length > 0) await Promise.resolve(waiting.pop())
      runs -= 1
    },
    () => waiting.length > 0,
  )
  work.start()
  work.start()
  await work.ended()
  expect(waiting).toEqual([])
  expect(most).toBe(1)
})

test('what comes in the moment in which a run ends is not left behind', async () => {
  const waiting = ['first']
  let comeLate = false
  const work = oneRun(
    async () => {
      await Promise.resolve()
      waiting.length = 0
      if (comeLate) return
      comeLate = true
      // After this run has looked for the last time, and before it is known as over.
      queueMicrotask(() => {
        waiting.push('late')
        work.start()
      })
    },
    () => waiting.length > 0,
  )
  work.start()
  await work.ended()
  expect(waiting).toEqual([])
})
