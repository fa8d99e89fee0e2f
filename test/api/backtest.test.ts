import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Api, rowCounts, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.close())
afterEach(() => api.control.comeBack())

const path = '/api/v2/monitor/backtest'
const monitor = { type: 'query alert', name: 'load', query: 'avg(last_5m):avg:load{*} by {host} > 90', message: '@log' }
const hourAgo = (): number => Math.floor(Date.now() / 1_000) - 3_600
/** No slot of a monitor without an id, evaluated once a minute, lies in this second or the next. */
const betweenSlots = 1_780_000_021
const now = (): number => Math.floor(Date.now() / 1_000)

describe('a definition', () => {
  test('is handed on as it would be stored, with the times asked for', async () => {
    const from = hourAgo()
    const answer = await api.send('POST', path, {
      monitor: { ...monitor, tags: ['a', 'a'] },
      from,
      to: new Date(now() * 1_000).toISOString(),
    })
    expect(answer.status).toBe(200)
    expect(answer.body.definition).toMatchObject({ monitorId: 0, version: 0, draftStatus: 'published', tags: ['a'], message: '@log' })
    expect(answer.body.definition.options).toMatchObject({ include_tags: true })
    expect(answer.body.time.fromMs).toBe(from * 1_000)
  })

  test('as it is read from here keeps its id, and its read-only fields are ignored', async () => {
    const created = await api.send('POST', '/api/v1/monitor', monitor)
    const read = await api.send('GET', `/api/v1/monitor/${created.body.id}?with_assets=true`)
    const answer = await api.send('POST', path, { monitor: read.body, from: hourAgo(), to: now() })
    expect(answer).toMatchObject({ status: 200, body: { definition: { monitorId: created.body.id, version: 0 } } })
  })

  test('that is stored is found by its id', async () => {
    const { body } = await api.send('POST', '/api/v1/monitor', monitor)
    const answer = await api.send('POST', path, { monitor_id: body.id, from: hourAgo(), to: now() })
    expect(answer).toMatchObject({ status: 200, body: { definition: { monitorId: body.id, version: 1, name: 'load' } } })
  })

  test('is stored by none of this', async () => {
    const before = await rowCounts(api.pool)
    await api.send('POST', path, { monitor, from: hourAgo(), to: now() })
    expect(await rowCounts(api.pool)).toEqual(before)
  })
})

describe('what makes no sense is 400 and names the place', () => {
  const times = () => ({ from: hourAgo(), to: now() })
  test.each<readonly [string, () => unknown, string]>([
    ['no body', () => undefined, 'from: expected epoch seconds'],
    ['no monitor', () => times(), 'either monitor or monitor_id'],
    ['two monitors', () => ({ ...times(), monitor, monitor_id: 1 }), 'either monitor or monitor_id'],
    ['an unknown field', () => ({ ...times(), monitor, until: 1 }), "unknown field 'until'"],
    ['a query that is wrong', () => ({ ...times(), monitor: { ...monitor, query: 'avg(' } }), 'monitor: query: '],
    ['an option that is wrong', () => ({ ...times(), monitor: { ...monitor, options: { interval: 0 } } }), 'monitor: options.interval'],
    ['a list as monitor', () => ({ ...times(), monitor: [monitor] }), 'monitor: '],
    ['no from', () => ({ monitor, to: now() }), 'from: '],
    ['a time that is none', () => ({ monitor, from: 'yesterday', to: now() }), 'from: expected epoch seconds, or ISO 8601'],
    ['a time without a zone', () => ({ monitor, from: '2026-11-01T08:00:00', to: now() }), 'from: expected epoch seconds'],
    ['milliseconds', () => ({ monitor, from: hourAgo() * 1_000, to: now() }), 'from: expected epoch seconds'],
    ['a day that isn’t', () => ({ monitor, from: '2026-13-41', to: now() }), 'from: '],
    ['an end before its start', () => ({ monitor, from: now(), to: hourAgo() }), 'to: expected a time after from'],
    ['the future', () => ({ monitor, from: hourAgo(), to: now() + 3_600 }), 'to: expected a time that has passed'],
    ['years', () => ({ monitor, from: 0, to: now() }), 'from: expected at most 400 days before to'],
    [
      'too many slots',
      // Between two slots, whatever the time of day is: the ends themselves are slots once a minute, and then there is one more.
      () => ({ monitor, from: betweenSlots - 20 * 86_400, to: betweenSlots }),
      '28800 slots of 60 s are more than the 20000 of one backtest: ask for 13 days at most',
    ],
    [
      'no slot',
      () => ({ monitor, from: betweenSlots, to: betweenSlots + 1 }),
      'no slot lies between them: the monitor is evaluated every 60 s',
    ],
  ])('%s', async (_what, body, sentence) => {
    const answer = await api.send('POST', path, body())
    expect(answer.status).toBe(400)
    expect(answer.body.errors.join('\n')).toContain(sentence)
  })

  test('an id that nobody has is 404', async () => {
    expect(await api.send('POST', path, { monitor_id: 999_999, ...times() })).toMatchObject({
      status: 404,
      body: { errors: ['Monitor not found'] },
    })
  })
})

describe('while Temporal is away', () => {
  test('it is 503', async () => {
    api.control.goAway()
    expect(await api.send('POST', path, { monitor, from: hourAgo(), to: now() })).toMatchObject({ status: 503 })
  })

  test('a third one beside two that wait is 429, and says when to come again', async () => {
    api.control.goAway('hanging')
    const ask = async (signal: AbortSignal): Promise<number | null> =>
      fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'dd-api-key': 'api-key-of-the-tests',
          'dd-application-key': 'application-key-of-the-tests',
        },
        body: JSON.stringify({ monitor, from: hourAgo(), to: now() }),
        signal,
      }).then(
        ({ status }) => status,
        () => null,
      )
    // A third one that is quicker takes a place of theirs, until it hangs up: they ask again.
    const insist = async (signal: AbortSignal): Promise<void> => {
      while ((await ask(signal)) === 429) signal.throwIfAborted()
    }
    const waiting = [0, 1].map(() => {
      const gone = new AbortController()
      return { gone, request: insist(gone.signal).catch(() => {}) }
    })
    await expect.poll(() => ask(AbortSignal.timeout(500)), { timeout: 10_000 }).toBe(429)
    for (const { gone } of waiting) gone.abort()
    await Promise.all(waiting.map(({ request }) => request))
    // Whoever hung up makes room.
    api.control.comeBack()
    await expect.poll(async () => (await api.send('POST', path, { monitor, from: hourAgo(), to: now() })).status).toBe(200)
  })
})
