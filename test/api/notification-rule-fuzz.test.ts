/** Whatever a client sends about notification rules, it is stored whole, with its audit event, or refused with a 4xx and sentences. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ruleReader } from '../../adapters/postgres/queries/notification-rules.ts'
import { ruleShares } from '../../core/notification-rules/match.ts'
import { type Api, startApi } from './harness.ts'

const path = '/api/v2/monitor/notification_rule'
const type = 'monitor-notification-rule'
const valid = { name: 'a', filter: { tags: ['a:b'] }, recipients: ['log'] }
let api: Api
let id: string
beforeAll(async () => {
  api = await startApi({ rateLimit: { requests: 1_000_000, windowMs: 60_000 } })
  id = (await api.send('POST', path, { data: { type, attributes: valid } })).body.data.id
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
    'a:b',
    'a:*',
    'env:(a OR',
    'NOT NOT a:b',
    'transition_type:is_alert',
    '@x',
    'slack-a',
    'a@b.c',
  ),
)
const anything = fc.oneof(fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), text, fc.constantFrom(null, true, -1, 1.5, 2 ** 53, [], {}))
const some = <Value>(right: fc.Arbitrary<Value>): fc.Arbitrary<unknown> => fc.oneof({ weight: 4, arbitrary: right }, anything)
const texts = some(fc.array(text, { maxLength: 4 }))
const attributes = fc.record(
  {
    name: some(text),
    filter: some(fc.record({ tags: texts, scope: some(text) }, { requiredKeys: [] })),
    recipients: texts,
    conditional_recipients: some(
      fc.record(
        { conditions: some(fc.array(fc.record({ scope: some(text), recipients: texts }), { maxLength: 3 })), fallback_recipients: texts },
        { requiredKeys: [] },
      ),
    ),
    bundle_config: some(fc.record({ duration: some(fc.integer()) })),
  },
  { requiredKeys: [] },
)
/** Mostly right: one field is whatever it is. */
const nearlyRight = attributes.chain((wild) =>
  fc
    .subarray(Object.keys(wild), { maxLength: 1 })
    .map((names) => ({ ...valid, ...Object.fromEntries(Object.entries(wild).filter(([name]) => names.includes(name))) })),
)
const bodies = fc.oneof(
  anything,
  fc.oneof(attributes, nearlyRight).map((written) => ({ data: { type, attributes: written } })),
)

async function counts(): Promise<Readonly<{ rules: number; created: number; updated: number }>> {
  const { rows } = await api.pool.query(
    `select (select count(*)::int from notification_rules) as rules,
       (select count(*)::int from audit_events where action = 'notification-rule.created') as created,
       (select count(*)::int from audit_events where action = 'notification-rule.updated') as updated`,
  )
  return rows[0]
}

test('a rule is stored whole or refused, and what is stored can be asked', async () => {
  let stored = 0
  await fc.assert(
    fc.asyncProperty(bodies, fc.boolean(), async (body, changes) => {
      const before = await counts()
      const answer = await (changes ? api.send('PATCH', `${path}/${id}`, body) : api.send('POST', path, body))
      const after = await counts()
      if (answer.status === 200) {
        stored += 1
        expect(after).toEqual(
          changes ? { ...before, updated: before.updated + 1 } : { ...before, rules: before.rules + 1, created: before.created + 1 },
        )
        const read = await api.send('GET', `${path}/${answer.body.data.id}`)
        expect(read.body.data).toEqual(answer.body.data)
        return
      }
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400)
      expect(answer.status, answer.text).toBeLessThan(500)
      expect(answer.body.errors.length).toBeGreaterThan(0)
      expect(after).toEqual(before)
    }),
    { numRuns: 400 },
  )
  expect(stored).toBeGreaterThan(20)
  const rules = await ruleReader(api.pool)()
  expect(rules.length).toBe((await counts()).rules)
  const transition = { group: 'a:b,env:prod', from: 'OK', to: 'Alert', reason: 'threshold-crossed' } as const
  for (const { recipients } of ruleShares(rules, { tags: ['a:b', '', ':', 'a'], priority: 1 }, transition)) {
    expect(recipients.length).toBeGreaterThan(0)
    expect(recipients.every((recipient) => !recipient.startsWith('@'))).toBe(true)
  }
  expect((await api.send('GET', `${path}?per_page=1000`)).body.data).toHaveLength(rules.length)
})

test('whatever the list is asked, it answers or says what is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('page', 'per_page', 'sort', 'filters', 'include'), text, async (name, value) => {
      const answer = await api.send('GET', `${path}?${name}=${encodeURIComponent(value.toWellFormed())}`)
      expect([200, 400], answer.text).toContain(answer.status)
    }),
    { numRuns: 200 },
  )
})
