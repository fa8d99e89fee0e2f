/** What pages and editors ask: drawings, completion, checks with places, files. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Api, rowCounts, startApi } from './harness.ts'

let api: Api
let id: number
beforeAll(async () => {
  api = await startApi()
  id = (await api.send('POST', '/api/v1/monitor', { ...monitor, tags: ['team:core'] })).body.id
})
afterAll(() => api.close())
afterEach(() => api.control.comeBack())

const monitor = { type: 'query alert', name: 'load', query: 'avg(last_5m):avg:load{*} by {host} > 90', message: '@log' }
const draw = '/api/v2/monitor/draw'
const check = '/api/v2/monitor/check'
const now = (): number => Math.floor(Date.now() / 1_000)
const times = () => ({ from: now() - 3_600, to: now() })

describe('a drawing', () => {
  test('needs a type and a query, and nothing that isn’t finished yet', async () => {
    const options = { thresholds: { critical: 90 }, escalation_message: '{{#is_alert}}', notify_by: ['x'] }
    const { from, to } = times()
    const answer = await api.send('POST', draw, {
      monitor: { type: monitor.type, query: monitor.query, name: '', message: '{{#', options },
      from,
      to,
    })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({
      start: from * 1_000,
      step_s: 60,
      points: 300,
      values: 'numbers',
      unit: 'percent',
      thresholds: { critical: 90 },
    })
  })

  test('of a stored monitor is asked for by its id', async () => {
    expect(await api.send('POST', draw, { monitor_id: id, points: 7, ...times() })).toMatchObject({ status: 200, body: { points: 7 } })
    expect(await api.send('POST', draw, { monitor_id: 999_999, ...times() })).toMatchObject({ status: 404 })
  })

  test.each([
    ['a query that is wrong', () => ({ monitor: { ...monitor, query: 'avg(' }, ...times() }), 400, 'monitor: query: '],
    ['neither', () => times(), 400, 'either monitor or monitor_id'],
    ['too many points', () => ({ monitor, ...times(), points: 1_000 }), 400, 'points: '],
    ['the future', () => ({ monitor, from: now(), to: now() + 3_600 }), 400, 'to: expected a time that has passed'],
    [
      'what nobody evaluates',
      () => ({ monitor: { ...monitor, query: 'avg(last_5m):avg:impossible{*} > 90' }, ...times() }),
      400,
      'no source evaluates this',
    ],
    [
      'a source that is away',
      () => ({ monitor: { ...monitor, query: 'avg(last_5m):avg:away{*} > 90' }, ...times() }),
      503,
      'unreachable: nobody listens',
    ],
  ])('of %s is refused with the reason', async (_, body, status, sentence) => {
    const answer = await api.send('POST', draw, body())
    expect(answer.status, answer.text).toBe(status)
    expect(answer.body.errors.join()).toContain(sentence)
  })

  test('waits for nobody where Temporal is away', async () => {
    api.control.goAway()
    expect(await api.send('POST', draw, { monitor, ...times() })).toMatchObject({ status: 503 })
  })
})

describe('completion', () => {
  const path = '/api/v2/completion?type=query%20alert'
  test('hands on what is asked', async () => {
    const answer = await api.send('GET', `${path}&of=value&name=load&key=host&text=we`)
    expect(answer.body).toEqual({ source: 'intake', words: ['value load host we'], more: false, note: null })
  })

  test.each([
    ['no type', '/api/v2/completion?of=name', 'type: '],
    ['a type that there isn’t', '/api/v2/completion?type=x&of=name', 'type: '],
    ['values of nothing', `${path}&of=value`, 'key: expected the key'],
    ['too many', `${path}&of=name&limit=1000`, 'limit: '],
  ])('%s is 400', async (_, asked, sentence) => {
    const answer = await api.send('GET', asked)
    expect(answer.status).toBe(400)
    expect(answer.body.errors.join()).toContain(sentence)
  })
})

describe('a check while somebody writes', () => {
  test('says where the query is wrong', async () => {
    const { body } = await api.send('POST', check, { monitor: { ...monitor, query: 'avg(last_5m):avg:load{*} by {host} >> 90' } })
    expect(body).toMatchObject({
      ok: false,
      reads: null,
      problems: [{ field: 'query', place: { offset: 36, line: 1, column: 37, length: 1 } }],
    })
  })

  test('says where the message is wrong, and how the query is read all the same', async () => {
    const { body } = await api.send('POST', check, { monitor: { ...monitor, message: 'first\n{{#is_alert}} x' } })
    expect(body).toMatchObject({ ok: false, problems: [{ field: 'message', place: { line: 2, column: 1 } }] })
    expect(body.reads).toMatchObject({ window_s: 300, interval_s: 60, group_by: ['host'], comparator: '>', levels: false })
  })

  test('tells fields from each other, and warnings from problems', async () => {
    const options = { thresholds: { critical: 90, warning: 95 } }
    const { body } = await api.send('POST', check, { monitor: { ...monitor, message: '{{vlaue}}', options } })
    expect(body.problems).toMatchObject([{ field: 'options.thresholds.warning', place: null }])
    const { body: warned } = await api.send('POST', check, { monitor: { ...monitor, message: '{{vlaue}} @nobody' } })
    expect(warned).toMatchObject({
      ok: true,
      problems: [],
      warnings: [{ field: 'message', place: { offset: 2, length: 5 } }, { field: 'message' }],
    })
  })

  test('knows which sources there are, and which monitor is changed', async () => {
    const { body } = await api.send('POST', check, { monitor: { ...monitor, options: { datasource: 'nowhere' } } })
    expect(body.problems).toMatchObject([{ field: 'options.datasource' }])
    const changed = await api.send('POST', check, { monitor: { ...monitor, type: 'log alert' }, monitor_id: id })
    expect(changed.body.problems).toMatchObject([{ field: 'type' }])
    expect(await api.send('POST', check, { monitor, monitor_id: 999_999 })).toMatchObject({ status: 404 })
  })

  test.each([[{}], [{ monitor: [] }], [{ monitor, surprise: 1 }]])('%j is 400', async (body) => {
    expect(await api.send('POST', check, body)).toMatchObject({ status: 400 })
  })
})

test('none of this stores anything', async () => {
  const before = await rowCounts(api.pool)
  await api.send('POST', draw, { monitor, ...times() })
  await api.send('POST', check, { monitor })
  expect(await rowCounts(api.pool)).toEqual(before)
})

describe('a monitor as a file', () => {
  test('of JSON makes the same monitor again', async () => {
    const { text } = await api.send('GET', `/api/v2/monitor/${id}/export`)
    expect(JSON.parse(text)).toEqual({ ...monitor, tags: ['team:core'] })
    expect(await api.send('POST', '/api/v1/monitor', JSON.parse(text))).toMatchObject({ status: 200 })
  })

  test('of YAML and of Terraform', async () => {
    expect((await api.send('GET', `/api/v2/monitor/${id}/export?format=yaml`)).text).toContain(`query: ${monitor.query}\n`)
    expect((await api.send('GET', `/api/v2/monitor/${id}/export?format=terraform`)).text).toContain('resource "datadog_monitor" "load" {')
  })

  test('of another kind there is none', async () => {
    expect(await api.send('GET', `/api/v2/monitor/${id}/export?format=xml`)).toMatchObject({ status: 400 })
    expect(await api.send('GET', '/api/v2/monitor/999999/export')).toMatchObject({ status: 404 })
  })
})
