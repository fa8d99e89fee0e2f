import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, keys, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const apiKey = { 'dd-api-key': keys.apiKey }
const nowS = Math.floor(Date.now() / 1_000)
const load = (host: string, points: readonly object[] = [{ timestamp: nowS, value: 0.5 }]) => ({
  metric: 'system.load.1',
  type: 3,
  points,
  resources: [{ type: 'host', name: host }],
  tags: ['env:test'],
})

async function pointsOf(host: string): Promise<readonly object[]> {
  const { rows } = await api.pool.query(
    'select at_ms, value from points join series on id = series_id where tags @> array[$1::text] order by at_ms',
    [`host:${host}`],
  )
  return rows
}

test('points that were accepted are stored, with an API key alone', async () => {
  const answer = await api.send('POST', '/api/v2/series', { series: [load('a')] }, apiKey)
  expect(answer).toMatchObject({ status: 202, body: { errors: [] } })
  expect(await pointsOf('a')).toEqual([{ at_ms: nowS * 1_000, value: 0.5 }])
})

test('a push that is repeated changes nothing', async () => {
  const body = { series: [load('twice')] }
  for (const _ of [1, 2]) expect((await api.send('POST', '/api/v2/series', body, apiKey)).status).toBe(202)
  expect(await pointsOf('twice')).toHaveLength(1)
})

test('one wrong point refuses the whole push and names its place', async () => {
  const body = { series: [load('b'), load('b', [{ timestamp: nowS + 3_600, value: 1 }])] }
  const answer = await api.send('POST', '/api/v2/series', body, apiKey)
  expect(answer.status).toBe(400)
  expect(answer.body.errors).toEqual([expect.stringMatching(/^series\.1\.points\.0\.timestamp: more than 10 minutes in the future/)])
  expect(await pointsOf('b')).toEqual([])
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a list', []],
  ['text', 'series'],
  ['an unknown field', { series: [load('c')], serise: [] }],
  ['a NUL character', { series: [{ ...load('c'), metric: 'a\u0000b' }] }],
])('%s is a bad request', async (_name, body) => {
  const answer = await api.send('POST', '/api/v2/series', body, apiKey)
  expect(answer.status).toBe(400)
  expect(answer.body.errors.length).toBeGreaterThan(0)
})

test('without a key nothing is stored', async () => {
  const answer = await api.send('POST', '/api/v2/series', { series: [load('d')] }, {})
  expect(answer.status).toBeGreaterThanOrEqual(401)
  expect(answer.status).toBeLessThanOrEqual(403)
  expect(await pointsOf('d')).toEqual([])
})

test('a compressed push is understood', async () => {
  const response = await fetch(`${api.url}/api/v2/series`, {
    method: 'POST',
    headers: { ...apiKey, 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ series: [load('e')] })),
  })
  expect(response.status).toBe(202)
  expect(await pointsOf('e')).toHaveLength(1)
})
