import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type Api, keys, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const apiKey = { 'dd-api-key': keys.apiKey }
const nowS = Math.floor(Date.now() / 1_000)

async function rows(sql: string): Promise<readonly object[]> {
  return (await api.pool.query(sql)).rows
}

async function count(table: string): Promise<number> {
  return (await api.pool.query<{ count: number }>(`select count(*) from ${table}`)).rows[0]?.count ?? 0
}

describe('what each route takes and answers', () => {
  test('points in the older shape', async () => {
    const series = [
      { metric: 'old.load', type: 'rate', interval: 10, points: [[nowS, 1.5]], host: 'Web-1', device: 'sda', tags: ['env:prod'] },
    ]
    expect(await api.send('POST', '/api/v1/series', { series }, apiKey)).toMatchObject({ status: 202, body: { status: 'ok' } })
    expect(
      await rows("select tags, kind, interval_s, at_ms, value from series join points on id = series_id where metric = 'old.load'"),
    ).toEqual([{ tags: ['device:sda', 'env:prod', 'host:web-1'], kind: 'rate', interval_s: 10, at_ms: nowS * 1_000, value: 1.5 }])
  })

  test('runs of checks, one or several, each once however often they come', async () => {
    const run = { check: 'app.up', status: 2, host_name: 'Web-1', timestamp: nowS, message: 'refused', tags: ['env:prod'] }
    for (const body of [run, [run, { ...run, timestamp: nowS - 60, status: 0 }], [{ ...run, message: 'refused again' }]]) {
      expect(await api.send('POST', '/api/v1/check_run', body, apiKey)).toMatchObject({ status: 202, body: { status: 'ok' } })
    }
    expect(
      await rows('select name, tags, status, message, at_ms from check_series join check_runs on id = series_id order by at_ms'),
    ).toEqual([
      { name: 'app.up', tags: ['env:prod', 'host:web-1'], status: 0, message: 'refused', at_ms: nowS * 1_000 - 60_000 },
      { name: 'app.up', tags: ['env:prod', 'host:web-1'], status: 2, message: 'refused again', at_ms: nowS * 1_000 },
    ])
  })

  test('an event in the older shape is echoed with its id', async () => {
    const event = {
      title: 'Deploy of web',
      text: 'version 7',
      date_happened: nowS,
      tags: ['service:web', 'env:prod'],
      alert_type: 'success',
      host: 'ci-1',
    }
    const first = await api.send('POST', '/api/v1/events', event, apiKey)
    const again = await api.send('POST', '/api/v1/events', event, apiKey)
    expect(first).toMatchObject({
      status: 202,
      body: { status: 'ok', event: { title: event.title, date_happened: nowS, tags: event.tags } },
    })
    expect(again.body.event.id).toBe(first.body.event.id)
    expect(await rows("select message, status, service, host, tags, attributes from events where message like 'Deploy%'")).toEqual([
      {
        message: 'Deploy of web\nversion 7',
        status: 'success',
        service: 'web',
        host: 'ci-1',
        tags: ['env:prod', 'service:web'],
        attributes: { title: 'Deploy of web' },
      },
    ])
  })

  test('an event in the newer shape', async () => {
    const attributes = {
      category: 'change',
      title: 'Flag on',
      message: 'for all',
      timestamp: new Date(nowS * 1_000).toISOString(),
      tags: ['service:shop'],
      attributes: { flag: 'x' },
    }
    const answer = await api.send('POST', '/api/v2/events', { data: { type: 'event', attributes } }, apiKey)
    expect(answer).toMatchObject({
      status: 202,
      body: { data: { type: 'event', attributes: { attributes: { evt: { id: expect.any(String) } } } } },
    })
    expect(await rows("select at_ms, service, attributes from events where message like 'Flag%'")).toEqual([
      { at_ms: nowS * 1_000, service: 'shop', attributes: { title: 'Flag on', category: 'change', flag: 'x' } },
    ])
  })

  test('logs: reserved fields, attributes, and messages that are JSON themselves', async () => {
    const plain = {
      ddsource: 'nginx',
      ddtags: 'env:prod,Team:A',
      hostname: 'web-1',
      service: 'shop',
      message: 'GET / 500',
      status: 'ERROR',
      timestamp: nowS * 1_000,
      http: { code: 500 },
    }
    const json = {
      ddsource: 'app',
      message: JSON.stringify({ msg: 'paid', level: 'warn', duration: 5.5, timestamp: new Date(nowS * 1_000).toISOString() }),
    }
    expect(await api.send('POST', '/api/v2/logs', [plain, json], apiKey)).toMatchObject({ status: 202, body: {} })
    expect(await api.send('POST', '/v1/input?ddtags=env:dev', json, apiKey)).toMatchObject({ status: 200, body: {} })
    expect(await rows('select at_ms, message, status, service, host, tags, attributes from logs order by message, tags')).toEqual([
      expect.objectContaining({
        at_ms: nowS * 1_000,
        message: 'GET / 500',
        status: 'error',
        service: 'shop',
        host: 'web-1',
        tags: ['env:prod', 'source:nginx', 'team:a'],
        attributes: expect.objectContaining({ http: { code: 500 } }),
      }),
      expect.objectContaining({ message: 'paid', status: 'warn', tags: ['env:dev', 'source:app'] }),
      expect.objectContaining({
        message: 'paid',
        status: 'warn',
        tags: ['source:app'],
        attributes: expect.objectContaining({ duration: 5.5 }),
      }),
    ])
  })

  test('a log that says when it happened is one however often it comes; equal ones of a batch are several', async () => {
    const before = await count('logs')
    const timed = { message: 'tick', timestamp: nowS * 1_000 }
    for (const _ of [1, 2, 3]) await api.send('POST', '/api/v2/logs', [timed, timed], apiKey)
    expect(await count('logs')).toBe(before + 2)
    for (const _ of [1, 2]) await api.send('POST', '/api/v2/logs', { message: 'tock' }, apiKey)
    expect(await count('logs')).toBe(before + 4)
  })
})

describe('packed bodies', () => {
  const series = (name: string) => JSON.stringify({ series: [{ metric: name, type: 3, points: [{ timestamp: nowS, value: 1 }] }] })
  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['zstd', zstdCompressSync],
  ] as const)('%s', async (encoding, pack) => {
    const answer = await api.send('POST', '/api/v2/series', pack(series(`packed.${encoding}`)), { ...apiKey, 'content-encoding': encoding })
    expect(answer).toMatchObject({ status: 202 })
    expect(await rows(`select metric from series where metric = 'packed.${encoding}'`)).toHaveLength(1)
    const big = `[${'{"message":"x"},'.repeat(400_000)}{}]`
    expect(await api.send('POST', '/api/v2/logs', pack(big), { ...apiKey, 'content-encoding': encoding })).toMatchObject({ status: 413 })
    const torn = pack(series('packed.torn')).subarray(0, 20)
    expect(await api.send('POST', '/api/v2/series', torn, { ...apiKey, 'content-encoding': encoding })).toMatchObject({ status: 400 })
  })
})

describe('what can’t be stored is refused whole', () => {
  const late = nowS - 16 * 86_400
  test.each<[string, string, unknown, RegExp]>([
    ['a series without points', '/api/v1/series', { series: [{ metric: 'a.b', points: [] }] }, /^series\.0\.points: /],
    [
      'a point of the newer shape',
      '/api/v1/series',
      { series: [{ metric: 'a.b', points: [{ timestamp: 1, value: 1 }] }] },
      /^series\.0\.points\.0: /,
    ],
    [
      'a point that is too old',
      '/api/v1/series',
      { series: [{ metric: 'a.b', points: [[late, 1]] }] },
      /^series\.0\.points\.0\.0: older than 15 days/,
    ],
    ['a status that isn’t', '/api/v1/check_run', { check: 'a', status: 4 }, /^status: expected 0 \(ok\)/],
    [
      'the second of two runs',
      '/api/v1/check_run',
      [
        { check: 'a', status: 0 },
        { check: 'a', status: 'ok' },
      ],
      /^1\.status: /,
    ],
    ['a run that is too old', '/api/v1/check_run', { check: 'a', status: 0, timestamp: late }, /^timestamp: older than 15 days/],
    ['no runs', '/api/v1/check_run', [], /^body: /],
    ['a name with quotes', '/api/v1/check_run', { check: 'a"b', status: 0 }, /^check: a name has no quotes/],
    ['an event without a title', '/api/v1/events', { text: 'x' }, /^title: /],
    ['an unknown alert type', '/api/v1/events', { title: 'x', text: 'x', alert_type: 'loud' }, /^alert_type: expected error/],
    [
      'an event of tomorrow',
      '/api/v1/events',
      { title: 'x', text: 'x', date_happened: nowS + 86_400 },
      /^date_happened: more than 10 minutes/,
    ],
    [
      'a time in words',
      '/api/v2/events',
      { data: { type: 'event', attributes: { category: 'alert', title: 'x', timestamp: 'now' } } },
      /^data\.attributes\.timestamp: expected a time/,
    ],
    ['a log that is a text', '/api/v2/logs', ['x'], /^0: expected a log entry/],
    ['a log that is nothing', '/v1/input', null, /^body: expected a log entry/],
    ['no logs', '/api/v2/logs', [], /^body: expected at least one/],
    ['too many logs', '/api/v2/logs', Array.from({ length: 1_001 }, () => ({ message: 'x' })), /^body: 1001 log entries, at most 1000/],
    [
      'a log that is too old',
      '/api/v2/logs',
      [{ message: 'x' }, { message: 'x', timestamp: late * 1_000 }],
      /^1: timestamp: older than 15 days/,
    ],
  ])('%s', async (_name, path, body, reason) => {
    const tables = ['series', 'check_series', 'events', 'logs']
    const before = await Promise.all(tables.map(count))
    const answer = await api.send('POST', path, body, apiKey)
    expect(answer.status, answer.text).toBe(400)
    expect(answer.body.errors[0]).toMatch(reason)
    expect(await Promise.all(tables.map(count))).toEqual(before)
  })

  test.each(['/api/v1/series', '/api/v1/check_run', '/api/v1/events', '/api/v2/events', '/api/v2/logs', '/v1/input'])(
    '%s needs an API key',
    async (path) => {
      expect(await api.send('POST', path, { message: 'x' }, {})).toMatchObject({ status: 401 })
    },
  )
})

describe('heartbeats', () => {
  test('one that no monitor expects leaves nothing', async () => {
    expect(await api.send('POST', '/api/v2/heartbeat/nobody', undefined, {})).toMatchObject({ status: 404 })
    expect(await api.send('POST', `/api/v2/heartbeat/${'x'.repeat(300)}`, undefined, {})).toMatchObject({ status: 404 })
    expect(await count('heartbeat_pings')).toBe(0)
  })

  test('one that is expected needs no other key, comes by any of the simple methods, and is stored once a second', async () => {
    const query = 'heartbeat("nightly-export-7d1f").every("1d").grace("1h")'
    const created = await api.send('POST', '/api/v1/monitor', { name: 'Nightly export', type: 'heartbeat alert', query, message: '' })
    expect(created.status, created.text).toBe(200)
    const ping = (method: string) => api.send(method, '/api/v2/heartbeat/nightly-export-7d1f', undefined, {})
    // The list of expected keys is read again once a second at the most.
    await until('the new key is known', async () => (await ping('POST')).status === 202)
    for (const method of ['POST', 'GET', 'HEAD']) expect((await ping(method)).status).toBe(202)
    expect((await ping('PUT')).status).toBeGreaterThanOrEqual(400)
    const pings = await count('heartbeat_pings')
    expect(pings).toBeGreaterThanOrEqual(1)
    expect(pings).toBeLessThanOrEqual(3)
  })
})
