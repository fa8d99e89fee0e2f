import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { SourceError } from '../../activities/ports.ts'
import { checksDatasource } from '../../adapters/datasources/checks/checks.ts'
import { request } from '../../adapters/http/fetch.ts'
import { guardOf } from '../../adapters/http/guard.ts'
import { freePort } from '../../cli/up/port.ts'
import { baseUrlOf } from '../support/address.ts'

const slot = 1_700_000_000_000
const source = checksDatasource({ fetch: request, guard: guardOf('all'), clock: () => slot + 1_000 })
const calendar = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }
const question = { type: 'http alert', delayMs: 0, calendar, requireFullWindow: false, groupsMax: 10, timeoutMs: 5_000 }

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return baseUrlOf(server)
}

const answering =
  (status: number): RequestListener =>
  (_req, res) =>
    res.writeHead(status, { location: '/' }).end()

async function check(url: string, measure: string, timeoutMs = question.timeoutMs): Promise<Readonly<Record<string, number>> | undefined> {
  const [reading] = await source.query({ ...question, timeoutMs, query: `http("${url}/").${measure}() > 0`, slots: [slot] })
  expect(reading).toEqual({ slot, values: reading?.values })
  return reading?.values
}

describe('what a check measures', () => {
  test.each([
    [200, 0],
    [204, 0],
    [302, 0],
    [399, 0],
    [400, 1],
    [404, 1],
    [503, 1],
  ])('the status %i means failed() = %i', async (status, failed) => {
    const url = await serve(answering(status))
    expect(await check(url, 'failed')).toEqual({ '*': failed })
    expect(await check(url, 'status')).toEqual({ '*': status })
  })

  test('latency() is in seconds', async () => {
    const url = await serve((_req, res) => setTimeout(() => res.end('slow'), 60))
    const latency = (await check(url, 'latency'))?.['*']
    expect(latency).toBeGreaterThanOrEqual(0.055)
    expect(latency).toBeLessThan(4)
  })

  test('HEAD is asked for as such', async () => {
    const url = await serve((req, res) => res.writeHead(req.method === 'HEAD' ? 200 : 405).end())
    const readings = await source.query({ ...question, query: `http("${url}/").method("HEAD").status() > 0`, slots: [slot] })
    expect(readings).toEqual([{ slot, values: { '*': 200 } }])
  })
})

describe('no answer is a failure, and neither a status nor a latency', () => {
  test('a closed port', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    expect(await check(url, 'failed')).toEqual({ '*': 1 })
    expect(await check(url, 'status')).toEqual({})
    expect(await check(url, 'latency')).toEqual({})
  })

  test('a server that hangs, before the evaluation itself runs out of time', async () => {
    const url = await serve(() => {})
    const startedAt = performance.now()
    expect(await check(url, 'failed', 700)).toEqual({ '*': 1 })
    expect(performance.now() - startedAt).toBeLessThan(650)
    expect(await check(url, 'status', 700)).toEqual({})
  })
})

describe('the past can’t be asked', () => {
  const skipped = 'a check can only be made at the time of its slot'
  test('older slots of a batch are skipped with a reason, the newest is checked once', async () => {
    let requests = 0
    const url = await serve((_req, res) => {
      requests += 1
      res.end()
    })
    const slots = [slot - 120_000, slot - 60_000, slot]
    const readings = await source.query({ ...question, query: `http("${url}/").failed() > 0`, slots })
    expect(readings).toEqual([
      { slot: slots[0], values: {}, skipped },
      { slot: slots[1], values: {}, skipped },
      { slot, values: { '*': 0 } },
    ])
    expect(requests).toBe(1)
  })

  test('a newest slot that is long gone is skipped, too, and nothing is asked', async () => {
    const late = checksDatasource({ fetch: () => Promise.reject(new Error('asked')), guard: guardOf('all'), clock: () => slot + 60_000 })
    expect(await late.query({ ...question, query: 'http("http://web/").failed() > 0', slots: [slot] })).toEqual([
      { slot, values: {}, skipped },
    ])
  })
})

test.each(['http("ftp://web/").failed() > 0', 'avg(last_5m):avg:x{*} > 1', ''])('%j is a bad query', async (query) => {
  const error = await source.query({ ...question, query, slots: [slot] }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SourceError)
  expect(error).toMatchObject({ code: 'bad-query' })
})
