import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findSource, listSources, saveSourceStates } from '../../adapters/postgres/queries/sources.ts'
import { applySourcesFile } from '../../api/sources-file.ts'
import { temporaryFolder } from '../support/folder.ts'
import { testSecrets } from '../support/secrets.ts'
import { type Api, startApi } from './harness.ts'

let api: Api
let asked: string[] = []
beforeAll(async () => {
  api = await startApi({
    testSource: async ({ name }) => {
      asked.push(name)
      return { ok: true, detail: 'Prometheus answers', duration_ms: 1 }
    },
  })
})
afterAll(() => api.close())
beforeEach(async () => {
  asked = []
  await api.pool.query('truncate sources, source_states, monitors, audit_events cascade')
})

const base = '/api/v2/source'
const prometheus = { name: 'prod', kind: 'prometheus', config: { url: 'https://prometheus.example.com:9090' } }
const limits = { timeout_s: 8, concurrency: 10, queue: 1000, failures: 5, pause_s: 15 }
const monitor = (options: object, more: object = {}) => ({
  ...{ type: 'query alert', name: 'x', query: 'avg(last_5m):avg:cpu{*} > 1', message: '', options },
  ...more,
})

test('a source is created, read, listed, changed, tried and deleted', async () => {
  const created = await api.send('POST', base, prometheus)
  expect(created).toMatchObject({
    status: 201,
    body: {
      name: 'prod',
      kind: 'prometheus',
      default: false,
      config: { ...prometheus.config, limits },
      secrets: [],
      managed_by: 'api',
      version: 1,
    },
  })
  expect((await api.send('GET', base)).body.sources).toEqual([created.body])
  const changed = await api.send('PATCH', `${base}/prod`, { default: true, config: { tenant: 'a', limits: { concurrency: 3 } } })
  expect(changed.body).toMatchObject({
    default: true,
    version: 2,
    config: { ...prometheus.config, tenant: 'a', limits: { ...limits, concurrency: 3 } },
  })
  expect((await api.send('PATCH', `${base}/prod`, { config: { tenant: null } })).body.config).not.toHaveProperty('tenant')
  expect((await api.send('PATCH', `${base}/prod`, {})).body.version).toBe(3)
  expect(await api.send('POST', `${base}/prod/test`)).toMatchObject({ status: 200, body: { ok: true, detail: 'Prometheus answers' } })
  expect(asked).toEqual(['prod'])
  expect((await api.send('DELETE', `${base}/prod`)).status).toBe(200)
  expect((await api.send('GET', `${base}/prod`)).status).toBe(404)
  const { rows } = await api.pool.query('select action from audit_events order by id')
  expect(rows.map(({ action }) => action)).toEqual([
    'source.created',
    'source.updated',
    'source.updated',
    'source.tested',
    'source.deleted',
  ])
})

test('secrets go in, are encrypted, and never come out', async () => {
  const secrets = { password: 'hunter2', headers: { 'X-Key': 'hunter3' } }
  const answers = [
    await api.send('POST', base, { ...prometheus, config: { ...prometheus.config, username: 'u' }, secrets }),
    await api.send('PATCH', `${base}/prod`, { secrets: { password: 'hunter4' } }),
    await api.send('GET', `${base}/prod`),
    await api.send('GET', base),
  ]
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200])
  expect(answers.map(({ text }) => text).join()).not.toContain('hunter')
  expect(answers[2]?.body.secrets).toEqual(['headers', 'password'])
  const { rows } = await api.pool.query('select * from sources')
  expect(JSON.stringify(rows)).not.toContain('hunter')
  const audit = await api.pool.query('select detail from audit_events')
  expect(JSON.stringify(audit.rows)).not.toContain('hunter')
  expect((await findSource(api.pool, testSecrets, 'prod'))?.source?.secrets).toEqual({
    password: 'hunter4',
    headers: { 'X-Key': 'hunter3' },
  })
  expect((await findSource(api.pool, null, 'prod'))?.unreadable).toMatch(/TOCSIN_SECRET_KEY is not set/)
})

test('secrets aren’t sent to another place unasked', async () => {
  await api.send('POST', base, { ...prometheus, secrets: { bearer_token: 'hunter2' } })
  const moved = { config: { url: 'https://evil.example.com' } }
  expect(await api.send('PATCH', `${base}/prod`, moved)).toMatchObject({
    status: 400,
    body: { errors: [expect.stringContaining('bearer_token')] },
  })
  expect((await api.send('PATCH', `${base}/prod`, { config: { url: `${prometheus.config.url}/prefix` } })).status).toBe(200)
  expect((await api.send('PATCH', `${base}/prod`, { ...moved, secrets: { bearer_token: null } })).status).toBe(200)
})

test('without a key secrets are refused with what to do, and nothing is stored', async () => {
  const keyless = await startApi({ secrets: null })
  try {
    const refused = await keyless.send('POST', base, { ...prometheus, secrets: { bearer_token: 'x' } })
    expect(refused).toMatchObject({ status: 400, body: { errors: [expect.stringContaining('set TOCSIN_SECRET_KEY')] } })
    expect((await keyless.send('GET', base)).body.sources).toEqual([])
    expect((await keyless.send('POST', base, prometheus)).status).toBe(201)
    const hook = { name: 'ops', url: 'https://example.com', secret: true }
    expect((await keyless.send('POST', '/api/v1/integration/webhooks/configuration/webhooks', hook)).status).toBe(400)
  } finally {
    await keyless.close()
  }
})

const refused: readonly (readonly [string, object, RegExp])[] = [
  ['no kind', { name: 'a', config: {} }, /^kind: /],
  ['another kind', { ...prometheus, kind: 'graphite' }, /^kind: /],
  ['a built-in name', { ...prometheus, name: 'intake' }, /^name: this name belongs to a source that is built in/],
  ['a name with blanks', { ...prometheus, name: 'a b' }, /^name: expected a lower-case letter/],
  ['an address of another scheme', { ...prometheus, config: { url: 'file:///etc/passwd' } }, /^config.url: expected an address/],
  ['a password in the address', { ...prometheus, config: { url: 'http://a:b@c' } }, /^config.url: a user belongs into config.username/],
  ['an unknown field', { ...prometheus, config: { ...prometheus.config, colour: 1 } }, /unknown field 'colour'/],
  ['a password without a user', { ...prometheus, secrets: { password: 'x' } }, /^secrets: a password needs config.username/],
  [
    'a key without a certificate',
    { ...prometheus, secrets: { tls_key: '-----BEGIN X' } },
    /^secrets: tls_key and config.tls.cert go together/,
  ],
  [
    'a database address with a password',
    { name: 'db', kind: 'postgres', config: { url: 'postgres://u:p@h/d' } },
    /^config.url: a password belongs/,
  ],
  [
    'a database address with parameters',
    { name: 'db', kind: 'postgres', config: { url: 'postgres://u@h/d?host=/tmp' } },
    /^config.url: an address without/,
  ],
]

test.for(refused)('%s is refused', async ([, body, sentence]) => {
  const { status, body: answer } = await api.send('POST', base, body)
  expect({ status, error: answer.errors[0] }).toEqual({ status: 400, error: expect.stringMatching(sentence) })
  expect((await api.send('GET', base)).body.sources).toEqual([])
})

test('a name is given once, and a kind has one default', async () => {
  await api.send('POST', base, { ...prometheus, default: true })
  expect((await api.send('POST', base, prometheus)).body.errors[0]).toMatch(/exists already/)
  await api.send('POST', base, { ...prometheus, name: 'other', default: true })
  expect((await api.send('GET', `${base}/prod`)).body.default).toBe(false)
})

test('a monitor may name a source that is there and evaluates its type; the source then stays', async () => {
  const path = '/api/v1/monitor'
  const unknown = await api.send('POST', path, monitor({ datasource: 'prod' }))
  expect(unknown).toMatchObject({
    status: 400,
    body: { errors: [expect.stringMatching(/^options.datasource: there is no source "prod"/)] },
  })
  expect((await api.send('POST', `${path}/validate`, monitor({ datasource: 'prod' }))).status).toBe(400)
  expect((await api.send('POST', path, monitor({ datasource: 'http' }))).body.errors[0]).toMatch(
    /http evaluates http alert, not query alert/,
  )
  expect((await api.send('POST', path, monitor({ datasource: 'intake' }))).status).toBe(200)
  await api.send('POST', base, prometheus)
  const created = await api.send('POST', path, monitor({ datasource: 'prod' }))
  expect(created).toMatchObject({ status: 200, body: { options: { datasource: 'prod' } } })
  await api.send('POST', path, monitor({}, { tags: ['datasource:prod'] }))
  expect(await api.send('DELETE', `${base}/prod`)).toMatchObject({
    status: 409,
    body: { errors: [expect.stringContaining('used by 2 monitors')] },
  })
})

test('how workers get on with it is told with it', async () => {
  await api.send('POST', base, prometheus)
  await saveSourceStates(api.pool, 'host:1', [{ source: 'prod', state: { circuit: 'open' } }])
  expect((await api.send('GET', `${base}/prod`)).body.workers).toMatchObject([{ worker: 'host:1', circuit: 'open' }])
})

test('a file sets sources up, twice the same, fills in variables, and takes away what left it', async () => {
  const { path: folder, remove } = temporaryFolder()
  const file = join(folder, 'sources.yaml')
  const apply = async (text: string) => {
    await writeFile(file, text)
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
    return applySourcesFile({ pool: api.pool, secrets: testSecrets, log }, file, (name) => (name === 'PASSWORD' ? 'hunter2' : null))
  }
  const text = `
sources:
  - name: prod
    kind: prometheus
    default: true
    config: { url: "http://p:9090", username: u }
    secrets: { password: "\${PASSWORD}" }
  - { name: db, kind: postgres, config: { url: "postgres://u@h/d" } }
`
  try {
    expect(await apply(text)).toMatchObject({ created: ['prod', 'db'], updated: [], deleted: [] })
    expect(await apply(text)).toMatchObject({ created: [], updated: [], deleted: [] })
    expect((await findSource(api.pool, testSecrets, 'prod'))?.source?.secrets).toEqual({ password: 'hunter2' })
    expect((await api.send('GET', `${base}/prod`)).body).toMatchObject({ managed_by: 'file', secrets: ['password'] })
    expect((await api.send('PATCH', `${base}/prod`, { default: false })).status).toBe(409)
    expect((await api.send('DELETE', `${base}/prod`)).status).toBe(409)
    await expect(apply(`${text}  - { name: x, kind: loki, config: { url: "\${NOWHERE}" } }`)).rejects.toThrow(
      /sources.2: NOWHERE is not set/,
    )
    await expect(apply('sources: [')).rejects.toThrow(/can't be used/)
    expect((await listSources(api.pool, testSecrets)).map(({ name }) => name)).toEqual(['db', 'prod'])
    await api.send('POST', '/api/v1/monitor', monitor({ datasource: 'prod' }))
    expect(await apply('sources: []')).toMatchObject({ deleted: ['db'], kept: ['prod'] })
  } finally {
    remove()
  }
})
