/** The session of a browser: a cookie for two keys, as good as they are, and of use to our own page only. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, type Api, bothKeys, keys, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ secureCookies: true })
})
afterAll(() => api.close())

const own = { 'x-tocsin-console': '1' }
const body = { api_key: keys.apiKey, application_key: keys.appKey }
const signIn = (given: unknown = body, headers: Record<string, string> = own): Promise<Answer> =>
  api.send('POST', '/api/v2/session', given, headers)
const cookieOf = ({ headers }: Answer): string => (headers.get('set-cookie') ?? '').split(';')[0] ?? ''
const signedIn = async (given: unknown = body): Promise<Record<string, string>> => ({ ...own, cookie: cookieOf(await signIn(given)) })
const key = async (role: string): Promise<{ id: string; key: string }> => {
  const answer = await api.send('POST', '/api/v2/application_keys', {
    data: { type: 'application_keys', attributes: { name: role, role } },
  })
  return { id: answer.body.data.id, key: answer.body.data.attributes.key }
}

test('both keys become a cookie that no script can read and no other site can use', async () => {
  const answer = await signIn()
  expect(answer.status, answer.text).toBe(201)
  expect(answer.body).toMatchObject({ name: 'default', role: 'admin' })
  const cookie = answer.headers.get('set-cookie') ?? ''
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Secure', 'Max-Age=604800']) expect(cookie).toContain(part)
  const { rows } = await api.pool.query(`select * from sessions`)
  expect(JSON.stringify(rows)).not.toContain(cookieOf(answer).split('=')[1])
  expect(answer.text).not.toContain(keys.apiKey)
})

test('with it everything is as with the keys: who is asking, reading, writing, the audit', async () => {
  const headers = await signedIn()
  expect((await api.send('GET', '/api/v2/session', undefined, headers)).body).toEqual({ name: 'default', role: 'admin' })
  expect((await api.send('GET', '/api/v1/monitor', undefined, headers)).status).toBe(200)
  const monitor = { type: 'query alert', name: 'Load', query: 'avg(last_5m):avg:system.load.1{*} > 4', message: 'x' }
  const made = await api.send('POST', '/api/v1/monitor', monitor, headers)
  expect(made.status, made.text).toBe(200)
  const audit = await api.send('GET', `/api/v2/monitor/${made.body.id}/audit`, undefined, headers)
  expect(audit.body.audit[0]).toMatchObject({ actor: 'default', action: 'monitor.created' })
})

describe('a write with a cookie', () => {
  test.each([
    [{}, 403],
    [{ 'x-tocsin-console': '1' }, 200],
    [{ 'x-tocsin-console': '1', 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'x-tocsin-console': '1', 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'x-tocsin-console': '1', 'sec-fetch-site': 'same-site' }, 403],
    [{ 'x-tocsin-console': '1', origin: 'https://elsewhere.example' }, 403],
    [{ 'x-tocsin-console': '1', origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 403],
  ])('and %j is %i', async (headers, status) => {
    const { cookie = '' } = await signedIn()
    const answer = await api.send(
      'POST',
      '/api/v1/monitor/validate',
      { type: 'query alert', name: 'a', query: 'avg(last_5m):avg:a{*} > 4', message: 'x' },
      { ...headers, cookie },
    )
    expect(answer.status, answer.text).toBe(status)
  })

  test('of our own page is taken, by the name under which it was loaded', async () => {
    const headers = { ...(await signedIn()), origin: api.url }
    expect((await api.send('DELETE', '/api/v2/session', undefined, headers)).status).toBe(204)
  })
})

test.each([
  [{}, 400, /api_key/],
  [{ ...body, more: 1 }, 400, /unknown field 'more'/],
  [{ api_key: keys.appKey, application_key: keys.apiKey }, 403, /Forbidden/],
  [{ ...body, application_key: 'nonsense-that-is-long-enough' }, 403, /Forbidden/],
  [{ ...body, application_key: 'x'.repeat(300) }, 400, /longer than any key/],
  ['{', 400, /not valid JSON/],
])('%j signs nobody in', async (given, status, sentence) => {
  const answer = await signIn(given)
  expect(answer.status).toBe(status)
  expect(answer.body.errors[0]).toMatch(sentence)
  expect(answer.headers.get('set-cookie')).toBeNull()
})

test('a page from elsewhere can’t sign anybody in', async () => {
  expect((await signIn(body, {})).status).toBe(403)
  expect((await signIn(body, { ...own, origin: 'https://elsewhere.example' })).status).toBe(403)
})

test('the role of the key counts, as it is now', async () => {
  const viewer = await key('viewer')
  const headers = await signedIn({ ...body, application_key: viewer.key })
  expect((await api.send('GET', '/api/v2/session', undefined, headers)).body.role).toBe('viewer')
  expect((await api.send('POST', '/api/v1/downtime', { scope: 'host:a' }, headers)).status).toBe(403)
  const change = { data: { type: 'application_keys', id: viewer.id, attributes: { role: 'editor' } } }
  await api.send('PATCH', `/api/v2/application_keys/${viewer.id}`, change)
  expect((await api.send('POST', '/api/v1/downtime', { scope: 'host:a' }, headers)).status).toBe(200)
})

test('an API key that only pushes signs nobody in', async () => {
  const answer = await api.send('POST', '/api/v2/api_keys', { data: { type: 'api_keys', attributes: { name: 'agent', role: 'intake' } } })
  const refused = await signIn({ ...body, api_key: answer.body.data.attributes.key })
  expect([refused.status, refused.body.errors[0]]).toEqual([403, expect.stringContaining('only pushes')])
})

describe('a session ends', () => {
  const isIn = async (headers: Record<string, string>): Promise<number> =>
    (await api.send('GET', '/api/v2/session', undefined, headers)).status

  test('when its key is revoked', async () => {
    const { id, key: secret } = await key('editor')
    const headers = await signedIn({ ...body, application_key: secret })
    expect(await isIn(headers)).toBe(200)
    await api.send('DELETE', `/api/v2/application_keys/${id}`)
    expect(await isIn(headers)).toBe(401)
  })

  test('when its time is over', async () => {
    const headers = await signedIn()
    await api.pool.query(`update sessions set expires_at = now() - interval '1 second'`)
    expect(await isIn(headers)).toBe(401)
    await signedIn()
    expect((await api.pool.query('select count(*) as count from sessions')).rows[0].count).toBe(1)
  })

  test('when somebody signs out, and no other does', async () => {
    const [one, other] = [await signedIn(), await signedIn()]
    const out = await api.send('DELETE', '/api/v2/session', undefined, one)
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('tocsin_session=;')])
    expect([await isIn(one), await isIn(other)]).toEqual([401, 200])
  })

  test('and each beginning and end is an audit event', async () => {
    await api.send('DELETE', '/api/v2/session', undefined, await signedIn())
    const { rows } = await api.pool.query(`select action from audit_events order by id desc limit 2`)
    expect(rows.map(({ action }) => action)).toEqual(['session.ended', 'session.started'])
  })
})

test('keys in the headers count before a cookie, and with neither nobody is let in', async () => {
  const headers = { ...(await signedIn()), ...bothKeys, 'dd-application-key': 'unknown-key-of-nobody' }
  expect((await api.send('GET', '/api/v1/monitor', undefined, headers)).status).toBe(403)
  expect((await api.send('GET', '/api/v1/monitor', undefined, { cookie: 'tocsin_session=abc' })).status).toBe(401)
})

test('an unknown cookie is 401 and says what to do', async () => {
  const answer = await api.send('GET', '/api/v1/monitor', undefined, { cookie: `tocsin_session=${'0'.repeat(64)}` })
  expect([answer.status, answer.body.errors]).toEqual([401, ['Unauthorized: the session has ended; sign in again']])
})
