import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findReceivers, getReceiver } from '../../adapters/postgres/queries/receivers.ts'
import { applyReceiversFile } from '../../api/receivers-file.ts'
import { temporaryFolder } from '../support/folder.ts'
import { testSecrets } from '../support/secrets.ts'
import { type Api, startApi } from './harness.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const base = '/api/v2/receivers'
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const hook = { name: 'ops', kind: 'webhook', config: { url: 'https://example.com/hook' } }

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(() => api.pool.query('truncate receivers, audit_events'))

test('a file sets receivers up, twice the same, fills in variables, and takes away what left it', async () => {
  const { path: folder, remove } = temporaryFolder()
  const file = join(folder, 'receivers.yaml')
  const apply = async (text: string) => {
    await writeFile(file, text)
    const variables = (name: string) => (name === 'SECRET' ? secret : null)
    return applyReceiversFile({ pool: api.pool, secrets: testSecrets, log: silent }, file, variables)
  }
  const text = `
receivers:
  - name: ops
    kind: webhook
    config: { url: "https://example.com", secret: "\${SECRET}" }
    policy: { fallback: { receiver: second, after_failures: 5 } }
  - { name: second, kind: webhook, config: { url: "https://example.org" } }
`
  try {
    expect(await apply(text)).toMatchObject({ created: ['ops', 'second'], updated: [], deleted: [] })
    expect(await apply(text)).toMatchObject({ created: [], updated: [], deleted: [] })
    expect((await getReceiver(api.pool, 'ops', testSecrets))?.config.secret).toBe(secret)
    expect((await api.send('GET', `${base}/ops`)).body).toMatchObject({ managed_by: 'file', secrets: ['secret'] })
    expect((await api.send('PATCH', `${base}/ops`, {})).status).toBe(409)
    expect((await api.send('DELETE', `${base}/ops`)).status).toBe(409)
    await expect(apply(`${text}  - { name: x, kind: webhook, config: { url: "\${NOWHERE}" } }`)).rejects.toThrow(
      /receivers\.2: NOWHERE is not set \(line 8\)/,
    )
    await expect(apply(`${text}  - { name: x, kind: webhook, config: { url: nowhere } }`)).rejects.toThrow(
      /receivers\.2\.config\.url: expected an address.* \(line 8\)/,
    )
    await expect(apply(text.replace('second, after', 'third, after'))).rejects.toThrow(
      /ops: policy.fallback.receiver: there is no receiver "third"/,
    )
    await expect(apply('receivers: [')).rejects.toThrow(/can't be used:[\s\S]*line 1/)
    expect((await api.send('GET', base)).body.receivers.map(({ name }: { name: string }) => name)).toEqual(['log', 'ops', 'second'])
    await api.send('POST', base, { ...hook, name: 'mine', policy: { fallback: { receiver: 'ops' } } })
    expect(await apply('receivers: []')).toMatchObject({ deleted: [], kept: ['ops', 'second'] })
    await api.send('DELETE', `${base}/mine`)
    expect(await apply('receivers: []')).toMatchObject({ deleted: ['ops', 'second'], kept: [] })
  } finally {
    remove()
  }
})

test('handles without a receiver of their own go to one that stands in, if it can', async () => {
  const { pool } = api
  const insert = (name: string, kind: string, config: object, standsIn: boolean) =>
    pool.query('insert into receivers (name, kind, config, stands_in) values ($1, $2, $3, $4)', [
      name,
      kind,
      JSON.stringify(config),
      standsIn,
    ])
  const handles = ['ops@example.com', 'slack-ops', 'slack-own', 'slack', 'pager']
  expect(await findReceivers(pool, handles, testSecrets)).toEqual([])
  await insert('email', 'email', { host: 'mail', to: ['all@example.com'] }, true)
  await insert('slack', 'slack', { webhook_url: 'https://hooks.example.com/x' }, false)
  await insert('slack-own', 'slack', { webhook_url: 'https://hooks.example.com/y' }, false)
  expect((await findReceivers(pool, handles, testSecrets)).map(({ name, config }) => [name, config])).toEqual([
    ['ops@example.com', { host: 'mail', to: ['ops@example.com'] }],
    ['slack', { webhook_url: 'https://hooks.example.com/x' }],
    ['slack-own', { webhook_url: 'https://hooks.example.com/y' }],
  ])
  await pool.query(`update receivers set config = '{"token": "t", "channel": "c"}', stands_in = true where name = 'slack'`)
  expect((await findReceivers(pool, handles, testSecrets)).map(({ name, config }) => [name, config.channel])).toContainEqual([
    'slack-ops',
    'ops',
  ])
})

test('a monitor that tells nobody who is configured is stored, with a warning; handles made of values are not guessed', async () => {
  const monitor = (message: string) => ({ type: 'query alert', name: 'x', query: 'avg(last_5m):avg:cpu{*} by {host} > 1', message })
  await api.send('POST', base, hook)
  const warningsOf = async (message: string) => (await api.send('POST', '/api/v1/monitor', monitor(message))).body.warnings
  expect(await warningsOf('@ops @log @slack-{{host.name}} @{{host.name}} mail ops@example.com')).toBeUndefined()
  expect(await warningsOf('{{#is_alert}}@nobody{{/is_alert}} @ops @you@example.com.')).toEqual([
    expect.stringMatching(/^message: nobody is configured as @nobody/),
    expect.stringMatching(/^message: nobody is configured as @you@example.com:/),
  ])
  const email = { name: 'email', kind: 'email', config: { host: 'mail.example.com', from: 'a@example.com', to: ['b@example.com'] } }
  expect((await api.send('POST', base, email)).status).toBe(201)
  expect(await warningsOf('@you@example.com')).toBeUndefined()
  expect((await api.send('POST', `${base}/you%40example.com/test`)).status).toBe(501)
})
