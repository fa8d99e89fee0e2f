/** When downtimes hold, as the calendar asks, and when one would that isn't stored. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const everyDay = { timezone: 'Europe/Berlin', recurrences: [{ start: '2027-03-27T02:30', duration: '1h', rrule: 'FREQ=DAILY;COUNT=3' }] }
const body = (schedule: object) => ({
  data: { type: 'downtime', attributes: { scope: '*', monitor_identifier: { monitor_tags: ['*'] }, schedule } },
})

test('a preview says the next times, over the change of clocks, and stores nothing', async () => {
  const { status, body: answer } = await api.send('POST', '/api/v2/downtime/preview', body(everyDay))
  expect(status).toBe(200)
  expect(answer.occurrences).toHaveLength(3)
  expect(answer.occurrences[0]).toEqual({ start: '2027-03-27T01:30:00.000Z', end: '2027-03-27T02:30:00.000Z' })
  expect(answer.occurrences[2]).toEqual({ start: '2027-03-29T00:30:00.000Z', end: '2027-03-29T01:30:00.000Z' })
  expect((await api.send('GET', '/api/v2/downtime')).body.data).toEqual([])
})

test('what is wrong with one that is being planned is said as when it is stored', async () => {
  const wrong = { timezone: 'Europe/Berlin', recurrences: [{ duration: 'soon', rrule: 'FREQ=DAILY' }] }
  const { status, body: answer } = await api.send('POST', '/api/v2/downtime/preview', body(wrong))
  expect([status, String(answer.errors)]).toEqual([400, expect.stringContaining('expected a duration')])
})

test('the occurrences of a time are those that hold for some of it; a canceled one holds no more', async () => {
  const { body: made } = await api.send('POST', '/api/v2/downtime', body(everyDay))
  const within = (from: string, to: string) => api.send('GET', `/api/v2/downtime/occurrences?from=${from}&to=${to}`)
  const found = await within('2027-03-27T02:00:00Z', '2027-03-28T12:00:00Z')
  expect(found.body.occurrences.map(({ id, start }: { id: string; start: string }) => [id, start])).toEqual([
    [made.data.id, '2027-03-27T01:30:00.000Z'],
    [made.data.id, expect.stringContaining('2027-03-28T')],
  ])
  expect((await within('2027-04-01T00:00:00Z', '2027-05-01T00:00:00Z')).body).toEqual({ occurrences: [], cut: false })
  await api.send('DELETE', `/api/v2/downtime/${made.data.id}`)
  expect((await within('2027-03-27T00:00:00Z', '2027-03-30T00:00:00Z')).body.occurrences).toEqual([])
})

test.each([
  ['a time that ends before it begins', 'from=2027-03-28T00:00:00Z&to=2027-03-27T00:00:00Z', 'from'],
  ['more than a year', 'from=2027-03-28T00:00:00Z&to=2029-03-27T00:00:00Z', 'to'],
  ['no time at all', '', 'from'],
])('%s is 400', async (_name, query, field) => {
  const { status, body: answer } = await api.send('GET', `/api/v2/downtime/occurrences?${query}`)
  expect([status, String(answer.errors)]).toEqual([400, expect.stringContaining(field)])
})
