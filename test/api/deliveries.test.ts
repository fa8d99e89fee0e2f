import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertJob } from '../support/insert-job.ts'
import { notificationJob } from '../support/notification-job.ts'
import { type Api, startApi } from './harness.ts'

const base = '/api/v2/deliveries'

let api: Api
beforeAll(async () => {
  api = await startApi()
  await insertJob(api.pool, notificationJob(['host:web-1']))
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.pool.query('truncate deliveries, delivery_attempts, audit_events')
  const { monitorId, sequence, transitions } = notificationJob(['host:web-1'])
  for (const [receiver, status, day] of [
    ['ops', 'dead', 1],
    ['log', 'delivered', 2],
    ['mail', 'dead', 3],
    ['slow', 'retrying', 4],
  ]) {
    await api.pool.query(
      `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body, status, attempts, last_detail, created_at)
       values ($1, $2, $3, $4, 't', 'text', $5, 2, 'HTTP 500', make_timestamptz(2026, 1, $6::int, 0, 0, 0, 'UTC'))`,
      [monitorId, sequence, transitions[0]?.sequence, receiver, status, day],
    )
  }
  await api.pool.query(
    `insert into delivery_attempts (delivery_id, attempt, receiver, message_id, outcome, latency_ms, detail)
     select id, n, receiver, 'msg', 'retry', 12, 'HTTP 500: boom' from deliveries, generate_series(1, 2) as n where receiver = 'ops'`,
  )
})

const receiversOf = async (query: string) =>
  (await api.send('GET', `${base}?${query}`)).body.deliveries.map(({ receiver }: { receiver: string }) => receiver)
const { monitorId, transitions } = notificationJob(['host:web-1'])

test.each<readonly [string, string[]]>([
  ['', ['slow', 'mail', 'log', 'ops']],
  ['status=dead', ['mail', 'ops']],
  ['status=dead,delivered', ['mail', 'log', 'ops']],
  ['receiver=log', ['log']],
  [`monitor_id=${monitorId}`, ['slow', 'mail', 'log', 'ops']],
  ['monitor_id=999999', []],
  [`group=${encodeURIComponent(transitions[0]?.group ?? '')}&status=dead`, ['mail', 'ops']],
  ['group=host:none', []],
  ['from=2026-01-02T00:00:00Z&to=2026-01-04T00:00:00Z', ['mail', 'log']],
  [`from=${Date.UTC(2026, 0, 4)}`, ['slow']],
])('%j finds %j, newest first', async (query, found) => {
  expect(await receiversOf(query)).toEqual(found)
})

test('pages follow one another until the last', async () => {
  const first = await api.send('GET', `${base}?limit=3`)
  expect(first.body.deliveries).toHaveLength(3)
  const second = await api.send('GET', `${base}?limit=3&before=${first.body.next}`)
  expect(second.body).toMatchObject({ deliveries: [{ receiver: 'ops' }], next: null })
})

test('one is read with its text and each try', async () => {
  const [found] = (await api.send('GET', `${base}?receiver=ops`)).body.deliveries
  expect(found).toMatchObject({
    monitor_id: monitorId,
    status: 'dead',
    attempts: 2,
    detail: 'HTTP 500',
    finished_at: null,
    next_attempt_at: null,
  })
  expect((await api.send('GET', `${base}/${found.id}`)).body).toEqual({
    ...found,
    body: 'text',
    tries: [1, 2].map((attempt) => ({
      attempt,
      message_id: 'msg',
      at: expect.any(String),
      outcome: 'retry',
      latency_ms: 12,
      detail: 'HTTP 500: boom',
    })),
  })
  expect((await api.send('GET', '/api/v2/receivers/log')).body.health).toMatchObject({ breaker: { state: 'closed' }, open: 0, dead: 0 })
})

test('what is dead is sent again, once, with an audit event, also while Temporal is away', async () => {
  const [ops] = (await api.send('GET', `${base}?receiver=ops`)).body.deliveries
  const [slow] = (await api.send('GET', `${base}?receiver=slow`)).body.deliveries
  expect(await api.send('POST', `${base}/${slow.id}/redrive`)).toMatchObject({
    status: 409,
    body: { errors: [expect.stringContaining('is retrying')] },
  })
  api.control.goAway()
  expect((await api.send('POST', `${base}/${ops.id}/redrive`)).body).toEqual({ receivers: ['ops'], count: 1 })
  api.control.comeBack()
  expect((await api.send('POST', `${base}/${ops.id}/redrive`)).status).toBe(409)
  expect((await api.send('POST', `${base}/redrive`, { receiver: 'ops' })).body).toEqual({ receivers: [], count: 0 })
  expect((await api.send('POST', `${base}/redrive`, { all: true })).body).toEqual({ receivers: ['mail'], count: 1 })
  expect(await receiversOf('status=dead')).toEqual([])
  expect(await receiversOf('status=pending')).toEqual(['mail', 'ops'])
  const { rows } = await api.pool.query('select action, detail from audit_events order by id')
  expect(rows[0]).toEqual({ action: 'delivery.redriven', detail: { ids: [ops.id], receivers: ['ops'], count: 1 } })
})

test.each<readonly [string, string, unknown, number]>([
  ['GET', '?status=lost', undefined, 400],
  ['GET', '?monitor_id=x', undefined, 400],
  ['GET', '?from=yesterday', undefined, 400],
  ['GET', '?receiver=%00', undefined, 400],
  ['GET', '?group=%00', undefined, 400],
  ['GET', '?limit=0', undefined, 400],
  ['GET', '?to=999999999999999', undefined, 200],
  ['GET', '/x', undefined, 404],
  ['GET', '/999999999999999', undefined, 404],
  ['POST', '/x/redrive', undefined, 404],
  ['POST', '/redrive', undefined, 400],
  ['POST', '/redrive', {}, 400],
  ['POST', '/redrive', { all: false }, 400],
  ['POST', '/redrive', { ids: [] }, 400],
  ['POST', '/redrive', { ids: [1.5] }, 400],
  ['POST', '/redrive', { everything: true }, 400],
])('%s %s with %j is %i', async (method, path, body, status) => {
  expect((await api.send(method, `${base}${path}`, body)).status).toBe(status)
})
