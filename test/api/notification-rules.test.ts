/** Notification rules over the API, on a real PostgreSQL. What is recorded of Datadog's is named so. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, type Api, startApi } from './harness.ts'

const path = '/api/v2/monitor/notification_rule'
const noon = Date.parse('2026-11-24T12:00:00.125Z')
let now = noon
let api: Api
beforeAll(async () => {
  api = await startApi({ clock: () => now, rateLimit: { requests: 1_000_000, windowMs: 60_000 } })
  for (const name of ['ops', 'shop']) {
    await api.send('POST', '/api/v1/integration/webhooks/configuration/webhooks', { name, url: 'https://example.com/hook' })
  }
})
afterAll(() => api.close())
beforeEach(async () => {
  now = noon
  await api.pool.query('delete from notification_rules')
})

const type = 'monitor-notification-rule'
const plain = { name: 'Shop', filter: { tags: ['team:shop', 'env:prod'] }, recipients: ['webhook-shop', 'webhook-ops'] }
const conditional = {
  conditions: [{ scope: 'transition_type:is_alert', recipients: ['webhook-ops'] }],
  fallback_recipients: ['webhook-shop'],
}
const post = (attributes: object): Promise<Answer> => api.send('POST', path, { data: { type, attributes } })
const patch = (id: string, attributes: object): Promise<Answer> => api.send('PATCH', `${path}/${id}`, { data: { type, id, attributes } })

async function idOf(attributes: object): Promise<string> {
  const { status, text, body } = await post(attributes)
  expect(status, text).toBe(200)
  return body.data.id
}

describe('a rule', () => {
  test('is answered as Datadog answers it: with its creator, and its times under both names', async () => {
    const { status, body } = await post(plain)
    expect(status).toBe(200)
    const at = '2026-11-24T12:00:00.125000+00:00'
    const user = { type: 'users', id: expect.stringMatching(/^\d+$/) }
    expect(body).toEqual({
      data: {
        type,
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        attributes: { ...plain, created: at, modified: at, created_at: at, modified_at: at },
        relationships: { created_by: { data: user } },
      },
      included: [{ ...user, attributes: { name: 'default', handle: 'default@localhost', email: 'default@localhost' } }],
    })
    const read = await api.send('GET', `${path}/${body.data.id}`)
    expect(read.body).toEqual({ data: body.data })
    expect((await api.send('GET', `${path}/${body.data.id}?include=created_by`)).body).toEqual(body)
    expect((await api.send('GET', path)).body).toEqual({ data: [body.data] })
    expect((await api.send('GET', `${path}?include=created_by`)).body).toEqual({ data: [body.data], included: body.included })
  })

  test('keeps a scope, conditions, a fallback and a bundle as they were written', async () => {
    const attributes = {
      name: 'All',
      filter: { scope: 'service:(cart OR pay) AND NOT env:dev' },
      conditional_recipients: conditional,
      bundle_config: { duration: 3_600 },
    }
    const { body } = await post(attributes)
    expect(body.data.attributes).toMatchObject(attributes)
    expect(body.data.attributes).not.toHaveProperty('recipients')
    const { fallback_recipients: _, ...without } = conditional
    const second = await post({ ...attributes, conditional_recipients: without, bundle_config: null })
    expect(second.body.data.attributes.conditional_recipients).toEqual(without)
    expect(second.body.data.attributes).not.toHaveProperty('bundle_config')
  })

  test('keeps what a change leaves out; recipients take the place of conditional ones', async () => {
    const id = await idOf({ ...plain, bundle_config: { duration: 60 } })
    now = noon + 1_000
    const first = await patch(id, { name: 'Renamed', conditional_recipients: conditional })
    expect(first.status, first.text).toBe(200)
    expect(first.body.data.attributes).toEqual({
      name: 'Renamed',
      filter: plain.filter,
      conditional_recipients: conditional,
      bundle_config: { duration: 60 },
      created: '2026-11-24T12:00:00.125000+00:00',
      modified: '2026-11-24T12:00:01.125000+00:00',
      created_at: '2026-11-24T12:00:00.125000+00:00',
      modified_at: '2026-11-24T12:00:01.125000+00:00',
    })
    const second = await patch(id, { recipients: ['webhook-ops'], filter: { scope: 'env:*' }, bundle_config: null })
    expect(second.body.data.attributes).toMatchObject({ name: 'Renamed', filter: { scope: 'env:*' }, recipients: ['webhook-ops'] })
    expect(second.body.data.attributes).not.toHaveProperty('conditional_recipients')
    expect(second.body.data.attributes).not.toHaveProperty('bundle_config')
  })

  test('takes back what it answered', async () => {
    const { body } = await post({ name: 'All', filter: { scope: '*' }, conditional_recipients: conditional })
    const echoed = await api.send('PATCH', `${path}/${body.data.id}`, { data: body.data })
    expect(echoed.status, echoed.text).toBe(200)
    expect(echoed.body.data.attributes).toMatchObject({ name: 'All', filter: { scope: '*' }, conditional_recipients: conditional })
  })

  test('that is deleted is gone', async () => {
    const id = await idOf(plain)
    const deleted = await api.send('DELETE', `${path}/${id}`)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect((await api.send('DELETE', `${path}/${id}`)).status).toBe(404)
    expect((await api.send('GET', path)).body).toEqual({ data: [] })
  })

  test('with a receiver that is not there is stored, and says so', async () => {
    const { status, body } = await post({ ...plain, recipients: ['webhook-ops', 'slack-nowhere', 'ops@example.com'] })
    expect(status).toBe(200)
    expect(body.meta).toEqual({
      warnings: [
        'there is no receiver slack-nowhere: it is told nothing until there is one',
        'there is no receiver ops@example.com: it is told nothing until there is one',
      ],
    })
    expect((await api.send('GET', `${path}/${body.data.id}`)).body).not.toHaveProperty('meta')
  })

  test('leaves an audit event of each change', async () => {
    const id = await idOf(plain)
    await patch(id, { name: 'Renamed' })
    await api.send('DELETE', `${path}/${id}`)
    const { rows } = await api.pool.query("select action, actor, detail from audit_events where detail ->> 'rule' = $1 order by id", [id])
    expect(rows).toEqual([
      { action: 'notification-rule.created', actor: 'default', detail: { rule: id, name: 'Shop' } },
      { action: 'notification-rule.updated', actor: 'default', detail: { rule: id, name: 'Renamed' } },
      { action: 'notification-rule.deleted', actor: 'default', detail: { rule: id, name: 'Renamed' } },
    ])
  })
})

describe('the list', () => {
  const names = async (query: string): Promise<readonly string[]> => {
    const answer = await api.send('GET', `${path}?${query}`)
    expect(answer.status, answer.text).toBe(200)
    return answer.body.data.map((rule: { attributes: { name: string } }) => rule.attributes.name)
  }
  const filters = (value: object): string => `filters=${encodeURIComponent(JSON.stringify(value))}`
  beforeEach(async () => {
    for (const [name, change] of [
      ['b', {}],
      ['a', { filter: { scope: 'service:cart' } }],
      ['c', { filter: { tags: ['team:core'] }, recipients: ['webhook-ops'] }],
    ] as const) {
      now += 1_000
      await idOf({ ...plain, name, ...change })
    }
  })
  const cases: [string, string, readonly string[]][] = [
    ['oldest first', '', ['b', 'a', 'c']],
    ['newest first', 'sort=created_at:desc', ['c', 'a', 'b']],
    ['by name', 'sort=name:asc', ['a', 'b', 'c']],
    ['by name, from the end', 'sort=name:desc', ['c', 'b', 'a']],
    ['a page', 'per_page=2&page=1', ['c']],
    ['a page beyond the end', 'page=7', []],
    ['with a tag', filters({ tags: ['team:core', 'team:none'] }), ['c']],
    ['with a recipient', filters({ recipients: ['webhook-shop'] }), ['b', 'a']],
    ['with a text in its filter', filters({ text: 'CART' }), ['a']],
    ['with all of that', filters({ text: 'team', recipients: ['webhook-ops'], tags: ['team:shop'] }), ['b']],
    ['unknown parameters are ignored', 'surprise=1', ['b', 'a', 'c']],
  ]
  test.each(cases)('%s', async (_name, query, expected) => {
    expect(await names(query)).toEqual(expected)
  })
  test.each(['sort=id:asc', 'per_page=0', 'per_page=1001', 'page=-1', 'include=monitor', 'filters=x', 'filters=%5B%5D', 'filters={"x":1}'])(
    '%s is refused',
    async (query) => {
      expect((await api.send('GET', `${path}?${query}`)).status).toBe(400)
    },
  )
})

describe('is refused, and nothing is stored', () => {
  const cases: [string, object, string][] = [
    [
      'a recipient with its @ (as recorded)',
      { ...plain, recipients: ['@webhook-ops'] },
      "Invalid recipients: Recipient handle should not start with '@'",
    ],
    [
      'the same in a condition',
      { name: 'x', filter: plain.filter, conditional_recipients: { conditions: [{ scope: 'a:b', recipients: ['@x'] }] } },
      "Invalid recipients: Recipient handle should not start with '@'",
    ],
    ['no name', { filter: plain.filter, recipients: ['a'] }, 'data.attributes.name: '],
    ['no filter', { name: 'x', recipients: ['a'] }, 'data.attributes.filter: expected {"tags": ["team:shop"]} or {"scope": "env:prod"}'],
    ['an empty filter', { ...plain, filter: {} }, 'data.attributes.filter: expected either tags or scope'],
    ['both filters', { ...plain, filter: { tags: ['a:b'], scope: 'a:b' } }, 'data.attributes.filter: expected either tags or scope'],
    ['no tags', { ...plain, filter: { tags: [] } }, 'data.attributes.filter.tags: expected at least one tag'],
    ['a scope that can’t be read', { ...plain, filter: { scope: 'env:(prod' } }, 'data.attributes.filter.scope: '],
    ['too long a scope', { ...plain, filter: { scope: `a:${'b'.repeat(3_000)}` } }, 'the scope is longer than 3000 characters'],
    [
      'what is never told',
      { ...plain, filter: { scope: 'NOT transition_type:is_alrt' } },
      'data.attributes.filter.scope: "is_alrt" is no transition_type: expected one of is_alert, ',
    ],
    ['a priority that there isn’t', { ...plain, filter: { tags: ['priority:high'] } }, '"high" is no priority: expected p1 to p5'],
    ['no recipients', { name: 'x', filter: plain.filter }, 'data.attributes: expected recipients, or conditional_recipients'],
    [
      'both kinds of recipients',
      { ...plain, conditional_recipients: conditional },
      'data.attributes: recipients and conditional_recipients exclude each other',
    ],
    ['an empty list', { ...plain, recipients: [] }, 'data.attributes.recipients: expected at least one recipient'],
    [
      'two handles in one',
      { ...plain, recipients: ['slack-a slack-b'] },
      'data.attributes.recipients.0: expected a handle as in a message',
    ],
    [
      'too many recipients',
      { ...plain, recipients: Array.from({ length: 51 }, (_, index) => `slack-${index}`) },
      'data.attributes.recipients: ',
    ],
    ['no condition', { name: 'x', filter: plain.filter, conditional_recipients: { conditions: [] } }, 'expected at least one condition'],
    ['a bundle of no time', { ...plain, bundle_config: { duration: 0 } }, 'data.attributes.bundle_config.duration: '],
    ['a bundle of days', { ...plain, bundle_config: { duration: 86_401 } }, 'data.attributes.bundle_config.duration: '],
    ['an unknown field', { ...plain, surprise: 1 }, "unknown field 'surprise' in data.attributes"],
  ]
  test.each(cases)('%s', async (_name, attributes, error) => {
    const answer = await post(attributes)
    expect(answer.status, answer.text).toBe(400)
    expect(answer.body.errors.join('\n')).toContain(error)
    expect((await api.send('GET', path)).body).toEqual({ data: [] })
  })

  test('a change that is wrong leaves the rule as it was', async () => {
    const id = await idOf(plain)
    const before = await api.send('GET', path)
    for (const attributes of [{ recipients: ['@ops'] }, { ...plain, conditional_recipients: conditional }, { filter: {} }, { name: '' }]) {
      expect((await patch(id, attributes)).status, JSON.stringify(attributes)).toBe(400)
    }
    expect((await api.send('GET', path)).body).toEqual(before.body)
  })

  test('a rule that is not there (as recorded), whatever is asked of it', async () => {
    const id = '00000000-0000-1234-0000-000000000000'
    const answers = [
      await api.send('GET', `${path}/${id}`),
      await patch(id, plain),
      await api.send('DELETE', `${path}/${id}`),
      await api.send('GET', `${path}/x'`),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { errors: ['Monitor Notification Rule not found'] } })
  })

  test('the id of another rule, another type, no body', async () => {
    const id = await idOf(plain)
    const other = { data: { type, id: '00000000-0000-1234-0000-000000000000', attributes: {} } }
    expect(await api.send('PATCH', `${path}/${id}`, other)).toMatchObject({
      status: 400,
      body: { errors: ['data.id: expected the id in the path'] },
    })
    expect((await api.send('POST', path, { data: { type: 'downtime', attributes: plain } })).status).toBe(400)
    expect((await api.send('POST', path, '')).status).toBe(400)
    expect((await api.send('POST', path, [])).status).toBe(400)
  })

  test('one more than there may be', async () => {
    await api.pool.query(
      `insert into notification_rules (name, filter, recipients, creator, created_at, modified_at)
       select 'x', '{"kind": "tags", "tags": ["a:b"]}', '{"kind": "always", "recipients": ["log"]}', '{"id": 1}', now(), now() from generate_series(1, 1000)`,
    )
    expect(await post(plain)).toMatchObject({
      status: 400,
      body: { errors: ['there are 1000 notification rules, as many as there may be: delete some first'] },
    })
  })
})
