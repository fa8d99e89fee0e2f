/** Keys and their roles: who may make them, what each may do, and that one that is revoked does nothing any more. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Role } from '../../contract/access-keys.ts'
import { type Answer, type Api, bothKeys, type Json, keys, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const kinds = [
  ['/api/v2/api_keys', 'api_keys', /^[0-9a-f]{32}$/],
  ['/api/v2/application_keys', 'application_keys', /^[0-9a-f]{40}$/],
  ['/api/v2/current_user/application_keys', 'application_keys', /^[0-9a-f]{40}$/],
] as const

const make = async (path: string, type: string, attributes: Json): Promise<Json> => {
  const answer = await api.send('POST', path, { data: { type, attributes } })
  expect(answer.status, answer.text).toBe(201)
  return answer.body.data
}
const applicationKey = (role: Role): Promise<Json> => make('/api/v2/application_keys', 'application_keys', { name: `as ${role}`, role })
const headersOf = (appKey: string, apiKey: string = keys.apiKey) => ({ 'dd-api-key': apiKey, 'dd-application-key': appKey })

describe.each(kinds)('%s', (path, type, form) => {
  test('a key is made, listed, changed and revoked; it stands in the answer to its making alone, and each is an audit event', async () => {
    const made = await make(path, type, { name: 'Deploys', role: 'editor' })
    const { key, last4, role, created_by: by } = made.attributes
    expect(key).toMatch(form)
    expect({ last4, role, by }).toEqual({ last4: key.slice(-4), role: 'editor', by: 'default' })
    const listed = await api.send('GET', `${path}?filter=DEPL`)
    expect(listed.body.data.map(({ id }: Json) => id)).toEqual([made.id])
    expect(listed.body.meta.page.total_filtered_count).toBe(1)
    const renamed = await api.send('PATCH', `${path}/${made.id}`, { data: { type, id: made.id, attributes: { name: 'Releases' } } })
    expect(renamed.body.data.attributes).toMatchObject({ name: 'Releases', role: 'editor' })
    const read = await api.send('GET', `${path}/${made.id}`)
    expect((await api.send('DELETE', `${path}/${made.id}`)).status).toBe(204)
    expect((await api.send('GET', `${path}/${made.id}`)).status).toBe(404)
    for (const { text } of [listed, renamed, read]) expect(text).not.toContain(key)
    const { rows } = await api.pool.query(`select action, detail from audit_events where detail->>'id' = $1 order by id`, [made.id])
    const noun = type === 'api_keys' ? 'api-key' : 'application-key'
    expect(rows.map(({ action }: Json) => action)).toEqual([`${noun}.created`, `${noun}.updated`, `${noun}.revoked`])
    expect(JSON.stringify(rows)).not.toContain(key)
  })

  test.each([
    [{ name: '' }, /^data\.attributes\.name/],
    [{ name: 'a\0' }, /^data\.attributes\.name/],
    [{ name: 'a', role: 'root' }, /^data\.attributes\.role: expected/],
    [{ name: 'a', key: 'mine' }, /unknown field 'key'/],
  ])('%j is refused', async (attributes, sentence) => {
    const answer = await api.send('POST', path, { data: { type, attributes } })
    expect(answer.status).toBe(400)
    expect(answer.body.errors[0]).toMatch(sentence)
  })

  test.each(['nonsense', '00000000-0000-4000-8000-000000000000'])('%s is no key', async (id) => {
    const change = { data: { type, attributes: { name: 'b' } } }
    expect((await api.send('GET', `${path}/${id}`)).status).toBe(404)
    expect((await api.send('PATCH', `${path}/${id}`, change)).status).toBe(404)
    expect((await api.send('DELETE', `${path}/${id}`)).status).toBe(404)
  })

  test('the last admin key stays, and stays an admin', async () => {
    const { body } = await api.send('GET', path)
    const admins = body.data.filter(({ attributes }: Json) => attributes.role === 'admin')
    expect(admins).toHaveLength(1)
    const change = { data: { type, attributes: { role: 'viewer' } } }
    const [weaker, gone] = [await api.send('PATCH', `${path}/${admins[0].id}`, change), await api.send('DELETE', `${path}/${admins[0].id}`)]
    for (const { status, body: refusal } of [weaker, gone]) {
      expect(status).toBe(409)
      expect(refusal.errors[0]).toContain('make another one first')
    }
  })
})

test('an application key never only pushes', async () => {
  const answer = await api.send('POST', '/api/v2/application_keys', {
    data: { type: 'application_keys', attributes: { name: 'a', role: 'intake' } },
  })
  expect(answer.status).toBe(400)
})

describe('what each role may do', () => {
  const definition = { type: 'query alert', name: 'Load', query: 'avg(last_5m):avg:system.load.1{*} by {host} > 4', message: 'x' }
  const source = { name: 'prod', kind: 'prometheus', config: { url: 'https://prometheus.example.com' } }
  const asked = [
    ['GET', '/api/v1/monitor', undefined, 'viewer'],
    ['GET', '/API/v1/Monitor/', undefined, 'viewer'],
    ['POST', '/api/v1/monitor/validate', definition, 'viewer'],
    ['POST', '/api/v1/monitor', definition, 'editor'],
    ['POST', '/API/V1/MONITOR/', definition, 'editor'],
    ['POST', '/api/v1/monitor/mute_all', undefined, 'editor'],
    ['GET', '/api/v2/source', undefined, 'viewer'],
    ['POST', '/api/v2/source', source, 'admin'],
    ['POST', '/API/v2/SOURCE/', { ...source, name: 'other' }, 'admin'],
    ['GET', '/api/v2/api_keys', undefined, 'admin'],
    ['DELETE', '/api/v2/receivers/none', undefined, 'admin'],
  ] as const
  const roles = ['viewer', 'editor', 'admin'] as const
  const held: Record<string, string> = {}
  beforeAll(async () => {
    for (const role of roles) held[role] = (await applicationKey(role)).attributes.key
  })

  test.each(asked)('%s %s', async (method, path, body, needed) => {
    for (const role of roles) {
      const answer = await api.send(method, path, body, headersOf(held[role] ?? ''))
      const may = roles.indexOf(role) >= roles.indexOf(needed)
      expect(answer.status === 403, `${role}: ${answer.text}`).toBe(!may)
      if (!may) expect(answer.body.errors).toEqual([expect.stringMatching(`needs the role ${needed}.* your keys have ${role}$`)])
    }
  })

  test('the lesser of both keys counts', async () => {
    const { attributes } = await make('/api/v2/api_keys', 'api_keys', { name: 'reads', role: 'viewer' })
    expect((await api.send('GET', '/api/v1/monitor', undefined, headersOf(keys.appKey, attributes.key))).status).toBe(200)
    expect((await api.send('POST', '/api/v1/monitor', definition, headersOf(keys.appKey, attributes.key))).status).toBe(403)
  })

  test('a key of the intake pushes and does nothing else; one that reads does not push', async () => {
    const push = { series: [{ metric: 'a', points: [{ timestamp: Math.floor(Date.now() / 1_000), value: 1 }] }] }
    const intake = (await make('/api/v2/api_keys', 'api_keys', { name: 'agent', role: 'intake' })).attributes.key
    const reads = (await make('/api/v2/api_keys', 'api_keys', { name: 'reads', role: 'viewer' })).attributes.key
    expect((await api.send('POST', '/api/v2/series', push, { 'dd-api-key': intake })).status).toBe(202)
    expect((await api.send('GET', '/api/v1/monitor', undefined, headersOf(keys.appKey, intake))).status).toBe(403)
    const refused = await api.send('POST', '/api/v2/series', push, { 'dd-api-key': reads })
    expect(refused.status).toBe(403)
    expect(refused.body.errors[0]).toContain('pushing needs intake')
  })

  test('the current user has the role of its key', async () => {
    const { body } = await api.send('GET', '/api/v2/current_user', undefined, headersOf(held.viewer ?? ''))
    expect(body.included.map(({ attributes }: Json) => attributes.name)).toContain('Datadog Read Only Role')
  })
})

describe('monitors that are left to somebody', () => {
  const standard = '6b0a2a4e-0000-4000-8000-000000000002'
  const someone = '6b0a2a4e-0000-4000-8000-0000000000ff'
  const definition = { type: 'query alert', name: 'Load', query: 'avg(last_5m):avg:system.load.1{*} by {host} > 4', message: 'x' }
  let editor: Json
  const acts = (id: number, by: Record<string, string>): Promise<Answer>[] => [
    api.send('PUT', `/api/v1/monitor/${id}`, { name: 'Other' }, by),
    api.send('POST', `/api/v1/monitor/${id}/mute`, undefined, by),
    api.send('DELETE', `/api/v1/monitor/${id}`, undefined, by),
  ]
  const created = async (roles: readonly string[] | null): Promise<number> =>
    (await api.send('POST', '/api/v1/monitor', { ...definition, restricted_roles: roles })).body.id
  beforeEach(async () => {
    editor = await applicationKey('editor')
  })

  test('nobody but its roles and admins edits, mutes or deletes it', async () => {
    const id = await created([someone])
    for (const answer of await Promise.all(acts(id, headersOf(editor.attributes.key)))) {
      expect(answer.status).toBe(403)
      expect(answer.body.errors[0]).toContain(`monitor ${id} is left to ${someone}`)
    }
    expect((await api.send('GET', `/api/v1/monitor/${id}`, undefined, headersOf(editor.attributes.key))).body.name).toBe('Load')
    expect((await api.send('PUT', `/api/v1/monitor/${id}`, { name: 'Mine' }, bothKeys)).status).toBe(200)
  })

  test('one of its roles may', async () => {
    const id = await created([standard])
    expect((await api.send('PUT', `/api/v1/monitor/${id}`, { name: 'Other' }, headersOf(editor.attributes.key))).status).toBe(200)
  })

  test('a person whom its policy names may, and nobody else', async () => {
    const id = await created(null)
    const bindings = [{ relation: 'editor', principals: [`user:${editor.id}`] }]
    const policy = { data: { type: 'restriction_policy', id: `monitor:${id}`, attributes: { bindings } } }
    expect((await api.send('POST', `/api/v2/restriction_policy/monitor:${id}`, policy)).status).toBe(200)
    const other = await applicationKey('editor')
    const [refused] = await Promise.all(acts(id, headersOf(other.attributes.key)).slice(0, 1))
    expect(refused?.status).toBe(403)
    expect((await api.send('PUT', `/api/v1/monitor/${id}`, { name: 'Other' }, headersOf(editor.attributes.key))).status).toBe(200)
  })
})

test('a key that is revoked opens nothing any more', async () => {
  const made = await applicationKey('admin')
  const by = headersOf(made.attributes.key)
  expect((await api.send('GET', '/api/v2/validate_keys', undefined, by)).status).toBe(200)
  await api.send('DELETE', `/api/v2/application_keys/${made.id}`)
  expect((await api.send('GET', '/api/v2/validate_keys', undefined, by)).status).toBe(403)
})

test('each key has its own limit, and is told of it', async () => {
  const limited = await startApi({ keyRateLimit: { requests: 3, windowMs: 60_000 } })
  try {
    const made = await limited.send('POST', '/api/v2/application_keys', { data: { type: 'application_keys', attributes: { name: 'b' } } })
    for (let request = 0; request < 2; request += 1) expect((await limited.send('GET', '/api/v1/monitor')).status).toBe(200)
    const over = await limited.send('GET', '/api/v1/monitor')
    expect(over.status).toBe(429)
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(over.headers.get('x-ratelimit-name')).toBe('requests-of-key')
    expect(over.headers.get('x-ratelimit-remaining')).toBe('0')
    const another = await limited.send('GET', '/api/v1/monitor', undefined, headersOf(made.body.data.attributes.key))
    expect(another.status).toBe(200)
    expect(another.headers.get('x-ratelimit-remaining')).toBe('2')
  } finally {
    await limited.close()
  }
})
