/** What of downtimes is refused, in sentences, with nothing stored. Read next: downtime-fuzz.test.ts. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ clock: () => Date.parse('2026-11-24T12:00:00Z') })
})
afterAll(() => api.close())

const everything = { monitor_tags: ['*'] }
const rules = (recurrences: unknown) => ({ monitor_identifier: everything, scope: '*', schedule: { recurrences } })
const rule = { start: '2026-11-24T12:00', duration: '1h', rrule: 'FREQ=DAILY' }
const refused: readonly (readonly [string, object, RegExp])[] = [
  ['no scope', { monitor_identifier: everything }, /^data\.attributes\.scope: expected a scope/],
  ['a scope that breaks off', { monitor_identifier: everything, scope: 'env:(a OR' }, /scope: syntax error: expected .* line 1, column 10/],
  ['a long scope', { monitor_identifier: everything, scope: `host:${'a'.repeat(2_000)}` }, /scope: /],
  ['no monitors', { scope: '*' }, /monitor_identifier: /],
  [
    'monitors in two ways',
    { scope: '*', monitor_identifier: { monitor_id: 1, monitor_tags: ['a'] } },
    /expected either monitor_id or monitor_tags/,
  ],
  ['no tags', { scope: '*', monitor_identifier: { monitor_tags: [] } }, /monitor_tags: expected at least one tag/],
  ['a monitor that there isn’t', { scope: '*', monitor_identifier: { monitor_id: 999_999 } }, /^monitor_id: there is no monitor 999999$/],
  [
    'an end before the start',
    { ...rules(null), schedule: { start: '2026-11-25T00:00:00Z', end: '2026-11-24T23:00:00Z' } },
    /^end: must lie after start/,
  ],
  [
    'an end in the past',
    { ...rules(null), schedule: { start: '2026-11-23T00:00:00Z', end: '2026-11-24T00:00:00Z' } },
    /^end: lies in the past/,
  ],
  [
    'a start without an offset',
    { ...rules(null), schedule: { start: '2026-11-25T00:00:00' } },
    /schedule\.start: expected a time with its offset/,
  ],
  [
    'times beside rules',
    { ...rules(null), schedule: { end: '2026-11-25T00:00:00Z', recurrences: [rule] } },
    /start and end exclude recurrences/,
  ],
  ['six rules', rules(Array(6).fill(rule)), /recurrences: /],
  ['no rules', rules([]), /expected at least one recurrence/],
  ['a rule that is none', rules([{ ...rule, rrule: 'DAILY' }]), /recurrences\.0\.rrule: expected parts such as/],
  ['a rule by the hour', rules([{ ...rule, rrule: 'FREQ=HOURLY' }]), /more than once a day/],
  [
    'a rule that is over',
    rules([{ ...rule, start: '2020-01-01T00:00', rrule: 'FREQ=DAILY;COUNT=2' }]),
    /^recurrences: no occurrence is left/,
  ],
  ['a start with an offset', rules([{ ...rule, start: '2026-11-24T12:00Z' }]), /expected a local time/],
  ['a duration without a unit', rules([{ ...rule, duration: '60' }]), /duration: expected a duration like 30m/],
  ['a duration of years', rules([{ ...rule, duration: '53w' }]), /duration: expected a duration like 30m, 2h, 1d or 1w, up to 366d/],
  [
    'a zone that is none',
    { ...rules(null), schedule: { timezone: '+02:00', recurrences: [rule] } },
    /timezone: expected the name of a time zone/,
  ],
  ['a state that is none', { ...rules(null), notify_end_states: ['ok'] }, /notify_end_states\.0: /],
  ['an unknown field', { ...rules(null), colour: 1 }, /unknown field 'colour'/],
]

test.each(refused)('%s is refused, and nothing is stored', async (_what, attributes, error) => {
  const answer = await api.send('POST', '/api/v2/downtime', { data: { type: 'downtime', attributes } })
  expect(answer.status, answer.text).toBe(400)
  expect(answer.body.errors).toEqual(expect.arrayContaining([expect.stringMatching(error)]))
  expect((await api.pool.query('select 1 from downtimes')).rows).toEqual([])
})

const refusedV1: readonly (readonly [string, object, RegExp])[] = [
  ['no scope', {}, /^scope: expected a scope/],
  ['a wrong scope in a list', { scope: ['*', 'a:(b'] }, /^scope\.1: syntax error/],
  ['many long scopes', { scope: Array(5).fill(`host:${'a'.repeat(500)}`) }, /^scope: the scope is longer than 2000 characters/],
  ['a scope that is a number', { scope: 5 }, /^scope: expected a scope/],
  ['an end before the start', { scope: '*', start: 4_000_000_000, end: 3_999_999_999 }, /^end: must lie after start/],
  ['a recurrence without an end', { scope: '*', recurrence: { type: 'days' } }, /^end: a downtime that comes again needs/],
  [
    'days of a week by the day',
    { scope: '*', end: 4e9, recurrence: { type: 'days', week_days: ['Mon'] } },
    /week_days needs the type weeks/,
  ],
  ['two ends', { scope: '*', recurrence: { type: 'days', until_date: 4e9, until_occurrences: 1 } }, /exclude each other/],
  ['a monitor in two ways', { scope: '*', monitor_id: 1_001, monitor_tags: ['a:b'] }, /exclude each other/],
  ['one that is disabled', { scope: '*', disabled: true }, /disabled: a downtime is canceled by DELETE/],
]

test.each(refusedV1)('version 1: %s is refused, and nothing is stored', async (_what, body, error) => {
  const answer = await api.send('POST', '/api/v1/downtime', body)
  expect(answer.status, answer.text).toBe(400)
  expect(answer.body.errors).toEqual(expect.arrayContaining([expect.stringMatching(error)]))
  expect((await api.pool.query('select 1 from downtimes')).rows).toEqual([])
})

test.each([
  'v2/downtime/00000000-0000-0000-0000-000000000000',
  'v2/downtime/1',
  'v2/downtime/%00',
  'v1/downtime/999',
  'v1/downtime/a',
  'v1/downtime/-1',
])('what is not there is 404: %s', async (path) => {
  const version = path.startsWith('v2')
  for (const method of ['GET', version ? 'PATCH' : 'PUT', 'DELETE']) {
    const body = method === 'GET' || method === 'DELETE' ? undefined : version ? { data: { type: 'downtime', attributes: {} } } : {}
    expect(await api.send(method, `/api/${path}`, body)).toMatchObject({ status: 404, body: { errors: ['Downtime not found'] } })
  }
})
