import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const monitor = { type: 'query alert', name: 'Load', query: 'avg(last_5m):avg:system.load.1{*} by {host} > 4' }
const create = (rules?: unknown) => api.send('POST', '/api/v1/monitor', { ...monitor, options: { inhibited_by: rules } })
const change = (id: number, rules: unknown) => api.send('PUT', `/api/v1/monitor/${id}`, { options: { inhibited_by: rules } })

describe('inhibited_by', () => {
  test('is stored and echoed as it was written', async () => {
    const cause = (await create()).body.id
    const rules = [{ monitor_id: cause, equal: ['host'], statuses: ['alert', 'warn'] }, { monitor_tags: ['layer:net'] }]
    const { status, body } = await create(rules)
    expect([status, body.options.inhibited_by]).toEqual([200, rules])
    expect((await api.send('GET', `/api/v1/monitor/${body.id}`)).body.options.inhibited_by).toEqual(rules)
  })

  test.each<[unknown, RegExp]>([
    [[{}], /^options\.inhibited_by\.0\.monitor_id: say which monitors/],
    [[{ monitor_id: 1, monitor_tags: ['a:b'] }], /^options\.inhibited_by\.0\.monitor_id: say which monitors/],
    [[{ monitor_id: 1, monitor: 2 }], /^unknown field/],
    [[{ monitor_tags: [] }], /^options\.inhibited_by\.0\.monitor_tags: /],
    [[{ monitor_id: 1, statuses: ['ok'] }], /^options\.inhibited_by\.0\.statuses/],
    [Array.from({ length: 11 }, () => ({ monitor_id: 1 })), /^options\.inhibited_by: /],
    [[{ monitor_id: 999_999 }], /^options\.inhibited_by: there is no monitor 999999$/],
  ])('%j is refused', async (rules, reason) => {
    const answer = await create(rules)
    expect(answer.status, answer.text).toBe(400)
    expect(answer.body.errors[0]).toMatch(reason)
  })

  test('no monitor is inhibited by itself, or by one that it inhibits, directly or through others', async () => {
    const first = (await create()).body.id
    const second = (await create([{ monitor_id: first }])).body.id
    const third = (await create([{ monitor_id: second }])).body.id
    expect(await change(first, [{ monitor_id: first }])).toMatchObject({
      status: 400,
      body: { errors: ['options.inhibited_by: a monitor can’t be inhibited by itself'] },
    })
    for (const other of [second, third])
      expect(await change(first, [{ monitor_id: other }])).toMatchObject({
        status: 400,
        body: { errors: [expect.stringMatching(`monitor ${second} is inhibited by this one, directly or through others`)] },
      })
    expect((await change(third, [{ monitor_id: first }])).status).toBe(200)
  })
})

describe('flapping', () => {
  const flapping = (marks: unknown, more: object = {}) =>
    api.send('POST', '/api/v1/monitor', { ...monitor, options: { flapping: marks, ...more } })

  test.each([{}, { low: 10 }, { low: 10, high: 30 }])('%j is stored as it was written', async (marks) => {
    expect((await flapping(marks)).body.options.flapping).toEqual(marks)
  })

  test.each<[unknown, object, RegExp]>([
    [{ low: 60 }, {}, /^options\.flapping\.low: the low mark must not lie above the high one/],
    [{ high: 101 }, {}, /^options\.flapping\.high: /],
    [{ mid: 1 }, {}, /^unknown field/],
    [{}, { scheduling_options: { custom_schedule: { recurrences: [{ rrule: 'FREQ=DAILY' }] } } }, /^options\.flapping can’t stand beside/],
  ])('%j beside %j is refused', async (marks, more, reason) => {
    const answer = await flapping(marks, more)
    expect(answer.status, answer.text).toBe(400)
    expect(answer.body.errors[0]).toMatch(reason)
  })
})
