/** Whatever a client sends, it is either stored whole or refused with a 4xx and sentences; nothing is stored by halves. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { monitorTypes } from '../../contract/types.ts'
import { type Answer, type Api, rowCounts, startApi } from './harness.ts'

let api: Api
let monitorId: number
beforeAll(async () => {
  api = await startApi({ rateLimit: { requests: 1_000_000, windowMs: 60_000 } })
  const { body } = await api.send('POST', '/api/v1/monitor', valid)
  monitorId = body.id
})
afterAll(() => api.close())

const valid = {
  type: 'query alert',
  name: 'Load is high',
  query: 'avg(last_5m):avg:system.load.1{*} by {host} > 4',
  message: 'x',
  tags: ['a:b'],
  options: { thresholds: { critical: 4, warning: 3 }, silenced: { 'host:a': null } },
}

/** Any text, NUL and half surrogates included. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\u0000', '\ud800', '__proto__', 'constructor', '', ' '),
)
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
  text,
  fc.constantFrom(null, true, 0, -0, -1, 1.5, 2 ** 53, 1e308, -1e308, 5e-324, [], {}, 'NaN'),
)
const fieldNames = [
  'type',
  'name',
  'query',
  'message',
  'tags',
  'priority',
  'restricted_roles',
  'options',
  'draft_status',
  'assets',
  'id',
  'scope',
  'end',
  'all_scopes',
  'groups',
  'override',
  'multi',
  'creator',
  '__proto__',
  'constructor',
  'toString',
]
const optionNames = [
  'thresholds',
  'threshold_windows',
  'notify_no_data',
  'no_data_timeframe',
  'on_missing_data',
  'renotify_interval',
  'renotify_statuses',
  'evaluation_delay',
  'new_group_delay',
  'timeout_h',
  'group_retention_duration',
  'notify_by',
  'scheduling_options',
  'variables',
  'silenced',
  'synthetics_check_id',
  'aggregation',
  'restriction_query',
  'hold',
  'interval',
  'escalation_message',
  '__proto__',
]

/** A good body with some fields replaced by anything at all. */
const damaged = fc
  .tuple(
    fc.dictionary(fc.oneof(fc.constantFrom(...fieldNames), text), anything, { maxKeys: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...optionNames), text), anything, { maxKeys: 3 }),
    fc.constantFrom(...monitorTypes),
  )
  .map(([fields, options, type]) => ({ ...valid, type, options: { ...valid.options, ...options }, ...fields }))

/** Among them good ones for each route, so that both sides of every route are seen. */
const bodies = fc.oneof(
  damaged,
  fc.constantFrom(valid, {}, { scope: 'host:b' }, { groups: ['host:a'] }),
  damaged.map(({ type: _, ...rest }) => rest),
  anything,
  fc.dictionary(fc.constantFrom(...fieldNames), anything),
)

const routes = [
  ['POST', 'v1/monitor'],
  ['POST', 'v1/monitor/validate'],
  ['POST', 'v1/monitor/:id/validate'],
  ['PUT', 'v1/monitor/:id'],
  ['PUT', 'v2/monitor/by-key/fuzz'],
  ['POST', 'v1/monitor/:id/mute'],
  ['POST', 'v1/monitor/:id/unmute'],
  ['POST', 'v1/monitor/:id/resolve'],
  ['POST', 'v2/monitor/:id/pause'],
  ['POST', 'v2/monitor/:id/resume'],
  ['POST', 'v2/monitor/:id/evaluate'],
] as const

test.each(routes)('%s %s: never a 500, nothing stored by a 4xx', async (method, route) => {
  const path = `/api/${route.replace(':id', String(monitorId))}`
  const seen = { stored: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const before = await rowCounts(api.pool)
      const answer = await api.send(method, path, body)
      const after = await rowCounts(api.pool)
      expectWhole(answer)
      seen[answer.status >= 400 ? 'refused' : 'stored'] += 1
      if (answer.status >= 400) expect(after).toEqual(before)
      // Each stored version has its row and its audit event.
      expect(after.versions).toBe(after.version_sum)
      expect(after.audit).toBe(after.versions)
    }),
    { numRuns: 150 },
  )
  // Otherwise the bodies say nothing about one side.
  expect(Math.min(seen.stored, seen.refused)).toBeGreaterThan(0)
})

test('bytes that are no JSON: never a 500', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(fc.nat(JSON.stringify(valid).length), fc.uint8Array({ minLength: 1, maxLength: 3 })).map(([at, bytes]) => {
      const whole = Buffer.from(JSON.stringify(valid))
      return Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + 1)])
    }),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (body) => expectWhole(await api.send('POST', '/api/v1/monitor', body))),
    { numRuns: 150 },
  )
})

const parameterNames = [
  'page',
  'page_size',
  'id_offset',
  'name',
  'tags',
  'monitor_tags',
  'group_states',
  'with_downtimes',
  'before',
  'limit',
  'after',
]
const parameters = fc.dictionary(
  fc.constantFrom(...parameterNames),
  fc.oneof(text, fc.nat().map(String), fc.constantFrom('true', 'all', '1:x', '-1', '9'.repeat(30))),
)

test('query parameters: never a 500', async () => {
  await fc.assert(
    fc.asyncProperty(
      parameters,
      fc.constantFrom(
        'v1/monitor',
        'v1/monitor/1001',
        ...['transitions', 'deliveries', 'evaluations', 'audit', 'groups', 'status'].map((path) => `v2/monitor/1001/${path}`),
      ),
      async (parameters, path) => {
        const query = new URLSearchParams(parameters).toString()
        expectWhole(await api.send('GET', `/api/${path}?${query}`))
      },
    ),
    { numRuns: 300 },
  )
})

function expectWhole(answer: Answer): void {
  expect(answer.status, answer.text).toBeLessThan(500)
  if (answer.status < 400) return
  expect(answer.body.errors.length).toBeGreaterThan(0)
  expect(answer.text.length).toBeLessThan(20_000)
}
