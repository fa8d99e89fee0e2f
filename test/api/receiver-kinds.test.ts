/** Receivers as people set them up: created over the API, tried by it, and seen by who is told. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { request } from '../../adapters/http/fetch.ts'
import { notifiersOf } from '../../adapters/notifiers/all.ts'
import { tryReceiver } from '../../adapters/notifiers/try-receiver.ts'
import { notificationStore } from '../../adapters/postgres/queries/notifications.ts'
import { secretTextsOf } from '../../contract/receivers/body.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { hasAlertmanager, startAlertmanager } from '../support/alertmanager.ts'
import { testCertificate } from '../support/certificate.ts'
import { answer, startHookServer } from '../support/hook-server.ts'
import { startMailServer } from '../support/mail-server.ts'
import { testSecrets } from '../support/secrets.ts'
import { type Api, startApi } from './harness.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const notifiers = notifiersOf({ clock: Date.now, send: request, guard: null, log: silent })
const base = '/api/v2/receivers'
const stops: (() => Promise<void>)[] = []

let api: Api
beforeAll(async () => {
  api = await startApi({
    rateLimit: { requests: 1_000_000, windowMs: 60_000 },
    testReceiver: (receiver) => tryReceiver(notifiers, receiver, { at: Date.now(), secrets: secretTextsOf(receiver) }),
  })
})
afterAll(() => api.close())
beforeEach(() => api.pool.query('truncate receivers'))
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

/** Creates and tries it: no answer has a secret. */
async function tried(body: Readonly<{ name: string; kind: string; config: object }>, secret: string) {
  const answers = [await api.send('POST', base, body), await api.send('GET', `${base}/${body.name}`)]
  answers.push(await api.send('POST', `${base}/${body.name}/test`))
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200])
  expect(answers.map(({ text }) => text).join()).not.toContain(secret)
  return answers[2]?.body
}

test('a mail server: what is tried arrives, and so does what is for an address alone', async () => {
  const password = 'correct horse battery'
  const server = await startMailServer({ tls: 'starttls', user: { name: 'tocsin', password } })
  stops.push(server.close)
  const config = {
    ...{ host: '127.0.0.1', port: server.port, ca: testCertificate.cert, username: 'tocsin', password },
    ...{ from: 'tocsin@example.com', to: ['ops@example.com'] },
  }
  expect(await tried({ name: 'email', kind: 'email', config }, password)).toMatchObject({
    ok: true,
    detail: expect.stringMatching(/^250 /),
  })
  expect(server.mails()[0]).toMatchObject({ subject: '[Test] The receiver email works', recipients: ['ops@example.com'] })

  const [direct] = await notificationStore(api.pool, testSecrets).receivers(['jo@example.com'])
  if (direct === undefined) throw new Error('nobody takes mails for an address')
  const email = notifiers.find(({ kind }) => kind === direct.kind)
  expect(await email?.deliver(outgoingMessage({ id: `msg_1_1_1_${direct.name}` }), direct)).toMatchObject({ kind: 'delivered' })
  expect(server.mails()[1]?.recipients).toEqual(['jo@example.com'])
})

test.runIf(hasAlertmanager)('an Alertmanager: what is tried fires, as a warning, and ends by itself', async () => {
  const hook = await startHookServer(answer(200))
  const server = await startAlertmanager(hook.url)
  stops.push(server.close, hook.close)
  const config = { urls: [`${server.url}/`], bearer_token: 'token-token-token' }
  expect(await tried({ name: 'am', kind: 'alertmanager', config }, config.bearer_token)).toMatchObject({ ok: true, detail: 'HTTP 200' })
  const [alert, ...others] = await server.active()
  expect(others).toEqual([])
  expect(alert?.labels).toMatchObject({ alertname: 'Test of the receiver am', severity: 'warning' })
  expect(Date.parse(alert?.endsAt ?? '')).toBeLessThan(Date.now() + 120_001)
})

test.each([
  ['pagerduty', { routing_key: 'R0123456789ABCDEF0123456789ABCDE' }, ['POST /hook/v2/enqueue', 'POST /hook/v2/enqueue']],
  [
    'opsgenie',
    { api_key: '00000000-1111-2222-3333-444444444444' },
    ['POST /hook/v2/alerts', 'POST /hook/v2/alerts/ALIAS/close?identifierType=alias'],
  ],
])('%s: what is tried is opened and closed', async (kind, config, expected) => {
  const server = await startHookServer(answer(202))
  stops.push(server.close)
  const [secret = ''] = Object.values(config)
  expect(await tried({ name: 'ops', kind, config: { ...config, api_url: server.url } }, secret)).toMatchObject({ ok: true })
  expect(server.hooks().map(({ method, path }) => `${method} ${path.replace(/msg_test_[0-9a-f-]+/, 'ALIAS')}`)).toEqual(expected)
})
