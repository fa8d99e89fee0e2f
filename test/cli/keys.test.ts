/** `tocsin keys`: made, shown once, listed without themselves, revoked; each as a process on a real API. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, keys, startApi } from '../api/harness.ts'
import { type CommandLine, commandLine } from '../support/command-line.ts'
import { temporaryFolder } from '../support/folder.ts'

const folder = temporaryFolder()
let api: Api
let tocsin: CommandLine
beforeAll(async () => {
  api = await startApi()
  tocsin = commandLine(folder.path, { TOCSIN_URL: api.url, TOCSIN_API_KEY: keys.apiKey, TOCSIN_APP_KEY: keys.appKey })
})
afterAll(async () => {
  await api.close()
  folder.remove()
})

const statusWith = async (headers: Record<string, string>): Promise<number> =>
  (await api.send('GET', '/api/v1/monitor', undefined, headers)).status

test('a key that is made works until it is revoked, and is shown this once', async () => {
  const made = await tocsin('keys', 'create', 'deploys', '--kind', 'application', '--role', 'viewer')
  expect(made.code, made.err).toBe(0)
  const key = made.out.trim()
  const id = /application key (\S+) \(viewer\): it isn’t shown again/.exec(made.err)?.[1] ?? ''
  const headers = { 'dd-api-key': keys.apiKey, 'dd-application-key': key }
  expect(await statusWith(headers)).toBe(200)

  const listed = await tocsin('keys', 'list')
  expect(listed.out).toMatch(new RegExp(`^${id} +application +viewer +…${key.slice(-4)} .*deploys$`, 'm'))
  expect(listed.out).not.toContain(key)

  expect(await tocsin('keys', 'revoke', id)).toMatchObject({ code: 0, out: '1 revoked\n' })
  expect(await statusWith(headers)).toBe(403)
  expect((await tocsin('keys', 'list')).out).not.toContain(id)
})

test('as JSON, for programs', async () => {
  const { id, attributes } = (await tocsin('keys', 'create', 'agent', '--kind', 'api', '--role', 'intake', '--json')).json()
  expect(attributes).toMatchObject({ name: 'agent', role: 'intake', key: expect.any(String) })
  const all = (await tocsin('keys', 'list', '--json')).json()
  expect(all).toContainEqual(expect.objectContaining({ id, kind: 'api' }))
  expect(JSON.stringify(all)).not.toContain(attributes.key)
  expect((await tocsin('keys', 'revoke', id, '--json')).json()).toEqual({ revoked: [id] })
})

test.each([
  ['a kind that there isn’t', ['create', 'x', '--kind', 'house'], 2, '--kind: expected api or application\n'],
  ['no kind', ['create', 'x'], 2, "required option '--kind <kind>' not specified\n"],
  [
    'a role that its kind can’t have',
    ['create', 'x', '--kind', 'application', '--role', 'intake'],
    2,
    '--role: expected viewer, editor, admin\n',
  ],
  ['a key that there isn’t', ['revoke', 'no-such-id'], 2, 'no-such-id: there is no such key: see `tocsin keys list`\n'],
])('%s is refused', async (_name, args, code, err) => {
  expect(await tocsin('keys', ...args)).toMatchObject({ code, out: '', err: expect.stringContaining(err) })
})
