/** Whatever a client pushes, it is either stored whole or refused with a 4xx and sentences. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { intakePaths } from '../../api/routes/intake.ts'
import { type Api, keys, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ rateLimit: { requests: 1_000_000, windowMs: 60_000 } })
})
afterAll(() => api.close())

const nowS = Math.floor(Date.now() / 1_000)
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\u0000', '\ud800', '__proto__', '', 'a,b', '{"message":"x","a":{"b":[1]}}', '{"a":"\\u0000"}', 'x'.repeat(3_000)),
)
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
  text,
  fc.constantFrom(null, 0, 3, nowS, nowS * 1_000, -1, 1e308, -1e308, 5e-324, [], {}, [[nowS, 1]], [{ timestamp: nowS, value: 1 }]),
)
const names = [
  'metric',
  'type',
  'points',
  'tags',
  'host',
  'interval',
  'check',
  'status',
  'timestamp',
  'message',
  'host_name',
  'title',
  'text',
]
const more = ['date_happened', 'alert_type', 'ddtags', 'ddsource', 'service', 'date', 'attributes', 'category', '__proto__', 'surprise']
const near = fc.dictionary(fc.constantFrom(...names, ...more), anything, { maxKeys: 6 })
const body = fc.oneof(
  anything,
  near,
  fc.array(near, { maxLength: 4 }),
  near.map((one) => ({ series: [{ metric: 'a.b', points: [], ...one }] })),
  near.map((one) => ({ check: 'a', status: 0, ...one })),
  near.map((one) => ({ title: 'a', text: 'b', ...one })),
  near.map((one) => ({ data: { type: 'event', attributes: { category: 'alert', title: 'a', ...one } } })),
)

test('every push is answered with 2xx, or with 4xx and sentences', async () => {
  let taken = 0
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...intakePaths), body, async (path, posted) => {
      const answer = await api.send('POST', path, JSON.stringify(posted), { 'dd-api-key': keys.apiKey })
      expect(answer.status, `${answer.text} ${JSON.stringify(api.events.at(-1))}`).toBeLessThan(500)
      if (answer.status < 300) taken += 1
      else expect(answer.body.errors.length).toBeGreaterThan(0)
    }),
    { numRuns: 1_500 },
  )
  expect(taken).toBeGreaterThan(50)
})
