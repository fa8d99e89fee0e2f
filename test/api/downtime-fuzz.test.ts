/** Whatever a client sends about downtimes, it is stored whole, with its audit event, or refused with a 4xx and sentences. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { liveDowntimes } from '../../adapters/postgres/queries/downtimes.ts'
import { recurrences } from '../../adapters/recurrences/recurrences.ts'
import { inForceAt } from '../../core/downtime/matching.ts'
import { rememberedStarts } from '../../core/downtime/starts.ts'
import { type Answer, type Api, startApi } from './harness.ts'

let api: Api
let ids: Readonly<{ uuid: string; number: number; monitor: number }>
beforeAll(async () => {
  api = await startApi({ rateLimit: { requests: 1_000_000, windowMs: 60_000 } })
  const query = 'avg(last_5m):avg:system.load.1{*} by {host} > 4'
  const { body: monitor } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query })
  const { body } = await api.send('POST', '/api/v1/downtime', { scope: '*' })
  ids = { uuid: body.uuid, number: body.id, monitor: monitor.id }
})
afterAll(() => api.close())

/** Any text, NUL and half surrogates included. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '__proto__',
    '',
    ' ',
    '*',
    'host:a',
    'a:(b OR',
    'UTC',
    'Europe/Berlin',
    '1h',
    '366d',
    'alert',
    'canceled',
    'days',
    'rrule',
  ),
  fc.constantFrom('2026-11-24T12:00', '2026-11-24T12:00:00Z', '2199-12-31T23:59:59+14:00', '0000-01-01T00:00:00Z', '2030-02-31T00:00:00Z'),
  fc.constantFrom(
    'FREQ=DAILY',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=DAILY;COUNT=9999',
    'FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=-1',
    'FREQ=WEEKLY;UNTIL=20300101',
  ),
)
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
  text,
  fc.array(text, { maxLength: 3 }),
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 53, 1e308, 4e9, 7_258_118_399, [], {}),
)
const some = (...names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 3 })
const rule = some('start', 'duration', 'rrule').map((fields) => ({
  start: '2026-01-01T12:00',
  duration: '1h',
  rrule: 'FREQ=DAILY',
  ...fields,
}))
const schedule = fc.oneof(
  some('start', 'end', 'timezone', 'recurrences'),
  fc.record({ recurrences: fc.array(rule, { maxLength: 6 }), timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Apia') }),
)
const fields = [
  'monitor_identifier',
  'scope',
  'message',
  'display_timezone',
  'notify_end_states',
  'notify_end_types',
  'mute_first_recovery_notification',
  '__proto__',
]
const attributes = fc.tuple(some(...fields), fc.option(schedule)).map(([damage, planned]) => ({
  monitor_identifier: { monitor_tags: ['*'] },
  scope: 'host:a',
  ...(planned === null ? {} : { schedule: planned }),
  ...damage,
}))
const bodies = fc.oneof(
  attributes.map((given) => ({ data: { type: 'downtime', attributes: given } })),
  fc.constant({ data: { type: 'downtime', attributes: { monitor_identifier: { monitor_tags: ['*'] }, scope: '*' } } }),
  anything,
)
const legacyFields = ['type', 'period', 'week_days', 'until_occurrences', 'until_date', 'rrule']
const legacy = some(...legacyFields).map((damage) => ({ type: 'days', ...damage }))
const fieldsV1 = [
  'scope',
  'monitor_id',
  'monitor_tags',
  'start',
  'end',
  'recurrence',
  'timezone',
  'message',
  'notify_end_states',
  'disabled',
  'id',
]
const bodiesV1 = fc.oneof(
  fc.tuple(some(...fieldsV1), fc.option(legacy)).map(([damage, recurrence]) => ({ scope: ['host:a'], end: 4e9, recurrence, ...damage })),
  fc.constant({ scope: '*' }),
  anything,
)

async function counts(): Promise<Record<string, number>> {
  const { rows } = await api.pool.query(
    `select (select count(*) from downtimes) as stored, (select coalesce(sum(extract(epoch from modified_at)), 0)::float8 from downtimes) as modified,
       (select count(*) from audit_events) as audit, (select count from downtime_changes) as changes`,
  )
  return rows[0]
}

test.each<[string, string, fc.Arbitrary<unknown>]>([
  ['POST', 'v2/downtime', bodies],
  ['PATCH', 'v2/downtime/:uuid', bodies],
  ['POST', 'v1/downtime', bodiesV1],
  ['PUT', 'v1/downtime/:number', bodiesV1],
  ['POST', 'v1/downtime/cancel/by_scope', fc.oneof(bodiesV1, fc.record({ scope: text }))],
])('%s %s: never a 500, nothing stored by a 4xx', async (method, route, given) => {
  const seen = { stored: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(given, async (body) => {
      // One to change, whatever was done to it before.
      await api.pool.query(
        'update downtimes set canceled_at = null, over_at = null, ends_at = null, recurrences = $2, legacy_recurrence = null where id = $1',
        [ids.uuid, '[]'],
      )
      const before = await counts()
      const answer = await api.send(method, `/api/${route.replace(':uuid', ids.uuid).replace(':number', String(ids.number))}`, body)
      const after = await counts()
      expectWhole(answer)
      seen[answer.status >= 400 ? 'refused' : 'stored'] += 1
      if (answer.status >= 400) expect(after).toEqual(before)
      else expect(after.audit).toBeGreaterThan(before.audit ?? 0)
    }),
    { numRuns: 200 },
  )
  expect(Math.min(seen.stored, seen.refused)).toBeGreaterThan(0)
})

test('whatever was stored can be listed, and a worker can work out what holds', async () => {
  for (const path of [
    'v1/downtime',
    'v2/downtime?page[limit]=1000',
    'v2/downtime?current_only=true',
    `v2/monitor/${ids.monitor}/downtime_matches`,
  ]) {
    const answer = await api.send('GET', `/api/${path}`)
    expect(answer.status, answer.text.slice(0, 500)).toBe(200)
  }
  const starts = rememberedStarts(recurrences().times)
  const live = await liveDowntimes(api.pool, 0)
  expect(live.length).toBeGreaterThan(10)
  for (const slot of [0, Date.now(), Date.UTC(2199, 11, 31)]) expect(inForceAt(live, slot, starts).length).toBeLessThanOrEqual(100)
})

test('query parameters: never a 500', async () => {
  const parameters = some('page[offset]', 'page[limit]', 'current_only', 'include', 'page')
  const paths = fc.constantFrom(
    'v1/downtime',
    'v2/downtime',
    'v2/downtime/x',
    `v2/monitor/${ids.monitor}/downtime_matches`,
    'v1/monitor/1/downtimes',
  )
  await fc.assert(
    fc.asyncProperty(parameters, paths, async (given, path) => {
      const query = new URLSearchParams(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, textOf(value)]))).toString()
      expectWhole(await api.send('GET', `/api/${path}?${query}`))
    }),
    { numRuns: 150 },
  )
})

/** Of anything: an object may have a `toString` that is none. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? fc.stringify(value) : String(value)
}

function expectWhole(answer: Answer): void {
  expect(answer.status, answer.text).toBeLessThan(500)
  if (answer.status < 400) return
  expect(answer.body.errors.length).toBeGreaterThan(0)
  expect(answer.text.length).toBeLessThan(20_000)
}
