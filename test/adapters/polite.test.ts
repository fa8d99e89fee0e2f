import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { SourceError } from '../../activities/ports.ts'
import { type Polite, polite } from '../../adapters/datasources/polite/polite.ts'
import type { SourceLimits } from '../../contract/source-fields.ts'

type Seen = { outcome: string }[]

function open(
  limits: Partial<SourceLimits> = {},
  clock: () => number = Date.now,
  weigh = (text: string) => text.length,
): { asked: Polite<string>; seen: Seen } {
  const seen: Seen = []
  const metrics = {
    query: (_: string, outcome: string) => void seen.push({ outcome }),
    shared: () => void seen.push({ outcome: 'shared' }),
    circuit: () => {},
  }
  const all = { timeout_s: 8, concurrency: 10, queue: 1_000, failures: 5, pause_s: 0.1, ...limits }
  return { asked: polite<string>({ name: 'p', limits: all, metrics, clock, weigh }), seen }
}

const down = async (): Promise<string> => {
  throw new SourceError('unreachable', 'connection refused')
}

describe('equal questions', () => {
  test('are asked once, while one is under way and for some seconds after', async () => {
    let now = 0
    const { asked, seen } = open({}, () => now)
    let runs = 0
    const ask = (key: string) =>
      asked.ask(key, 5_000, async () => {
        runs += 1
        await delay(5)
        return `${key}${runs}`
      })
    expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['a2', 'a2', 'b2'])
    now = 2_000
    expect(await ask('a')).toBe('a2')
    now = 10_000
    expect(await ask('a')).toBe('a3')
    expect(seen.filter(({ outcome }) => outcome === 'shared')).toHaveLength(2)
    expect(asked.condition()).toMatchObject({ sent: 3, shared: 2, failed: 0, running: 0, waiting: 0 })
  })

  test('share a failure under way, and nobody gets an old one', async () => {
    const { asked } = open()
    const both = await Promise.allSettled([asked.ask('a', 5_000, down), asked.ask('a', 5_000, down)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await asked.ask('a', 5_000, async () => 'fine')).toBe('fine')
    expect(asked.condition()).toMatchObject({ sent: 2, shared: 1 })
  })

  test('are forgotten where there are too many or too large answers', async () => {
    const { asked } = open({}, Date.now, () => 10_000_000)
    for (const key of ['a', 'b', 'a']) await asked.ask(key, 5_000, async () => key)
    expect(asked.condition()).toMatchObject({ sent: 3, shared: 0 })
    const many = open()
    for (let n = 0; n < 5_000; n += 1) await many.asked.ask(`${n}`, 5_000, async () => 'x')
    await many.asked.ask('0', 5_000, async () => 'x')
    await many.asked.ask('4999', 5_000, async () => 'x')
    expect(many.asked.condition()).toMatchObject({ sent: 5_001, shared: 1 })
  })
})

describe('a source that is busy', () => {
  test('is asked so many questions at once; so many wait, and further ones fail at once', async () => {
    const { asked } = open({ concurrency: 2, queue: 3 })
    let running = 0
    let most = 0
    const ask = (key: number) =>
      asked.ask(String(key), 5_000, async () => {
        running += 1
        most = Math.max(most, running)
        await delay(10)
        running -= 1
        return 'x'
      })
    const all = await Promise.allSettled(Array.from({ length: 8 }, (_, key) => ask(key)))
    expect(most).toBe(2)
    expect(all.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), ...Array(3).fill('rejected')])
    expect(all[7]).toMatchObject({ reason: { code: 'refused', message: 'source p: 2 queries run and 3 wait already' } })
  })

  test('a question whose turn comes too late isn’t sent, and gets no more time than is left', async () => {
    const { asked } = open({ concurrency: 1, timeout_s: 0.1 })
    const slow = asked.ask('a', 5_000, async (leftMs) => {
      expect(leftMs).toBeLessThanOrEqual(100)
      await delay(120)
      return 'x'
    })
    const late = asked.ask('b', 5_000, async () => 'never')
    expect(await slow).toBe('x')
    await expect(late).rejects.toMatchObject({ code: 'timeout' })
    expect(asked.condition()).toMatchObject({ sent: 1, circuit: 'closed' })
  })
})

describe('a source that is down', () => {
  test('is left alone after some failures in a row; then one question tries, and all goes on', async () => {
    const { asked } = open({ failures: 3, pause_s: 0.1 })
    const ask = (key: string, run: () => Promise<string>) => asked.ask(key, 5_000, run).catch((error: unknown) => error)
    for (const key of ['a', 'b', 'c']) await ask(key, down)
    expect(asked.condition().circuit).toBe('open')
    expect(await ask('d', async () => 'x')).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/isn't asked .* connection refused/),
    })
    expect(asked.condition()).toMatchObject({ sent: 3, failed: 4, last_failure: { reason: 'connection refused' } })
    await delay(120)
    expect(await ask('e', async () => 'x')).toBe('x')
    expect(asked.condition()).toMatchObject({ circuit: 'closed', sent: 4 })
  })

  test('a bad question is no failure of the source', async () => {
    const { asked } = open({ failures: 2 })
    for (const key of ['a', 'b', 'c', 'd']) {
      const run = () => Promise.reject(new SourceError('bad-query', 'parse error'))
      await expect(asked.ask(key, 5_000, run)).rejects.toMatchObject({ code: 'bad-query' })
    }
    expect(asked.condition()).toMatchObject({ circuit: 'closed', sent: 4 })
  })
})
