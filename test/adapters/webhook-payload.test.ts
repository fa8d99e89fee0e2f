import { Webhook } from 'standardwebhooks'
import { afterEach, expect, test } from 'vitest'
import type { Receiver } from '../../activities/notification-ports.ts'
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { toldTransition } from '../support/notification-job.ts'

let server: HookServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function sent(
  config: (url: string) => Readonly<Record<string, unknown>>,
  change: Parameters<typeof outgoingMessage>[0] = {},
  status = 200,
) {
  server = await startHookServer(answer(status, {}, 'token-1234567890 is wrong'))
  const base = { payload: null, custom_headers: null, encode_as: 'json', secret: null }
  const receiver: Receiver = { name: 'webhook-x', kind: 'webhook', config: { ...base, ...config(server.url) } }
  const receipt = await webhookNotifier(Date.now).deliver(outgoingMessage(change), receiver)
  return { receipt, hook: server.hooks()[0] }
}

test('a payload is sent with its variables filled in, signed as it is sent', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const payload = '{"title": "$EVENT_TITLE", "id": $ALERT_ID, "key": "$KEY", "other": "$OTHER"}'
  const { hook } = await sent((url) => ({ url, payload, secret, variables: { KEY: 'a"b' } }), { title: 'it\'s "high"\n' })
  expect(JSON.parse(hook?.body ?? '')).toEqual({ title: 'it\'s "high"\n', id: 1001, key: 'a"b', other: '$OTHER' })
  expect(hook?.headers['content-type']).toBe('application/json')
  expect(() => new Webhook(secret).verify(hook?.body ?? '', { ...hook?.headers })).not.toThrow()
})

test('as a form its fields are the form’s', async () => {
  const payload = '{"text": "$EVENT_TITLE", "list": ["$ALERT_ID"]}'
  const { hook } = await sent((url) => ({ url, payload, encode_as: 'form' }), { title: 'a&b=c' })
  expect(Object.fromEntries(new URLSearchParams(hook?.body))).toEqual({ text: 'a&b=c', list: '["1001"]' })
})

test('in an address what is about the message is encoded, and one’s own variables stand as they are', async () => {
  const transition = toldTransition({ group: 'host:a/../b?c=d#e' })
  const { hook } = await sent((url) => ({ url: `${url}/$PATH?host=$HOSTNAME`, variables: { PATH: 'x/y' } }), { transition })
  expect(hook?.path).toBe('/hook/x/y?host=a%2F..%2Fb%3Fc%3Dd%23e')
})

test('in a header a value is one line, and a type of content may be one’s own', async () => {
  const headers = '{"X-Title": "$EVENT_TITLE", "Authorization": "Bearer $KEY", "Content-Type": "application/cloudevents+json"}'
  const { hook } = await sent((url) => ({ url, custom_headers: headers, variables: { KEY: 'k' } }), { title: 'a\r\nX-Evil: 1 ü' })
  expect(hook?.headers).toMatchObject({
    'x-title': 'a X-Evil: 1',
    authorization: 'Bearer k',
    'content-type': 'application/cloudevents+json',
  })
  expect(hook?.headers).not.toHaveProperty('x-evil')
})

test.each([
  ['a variable that is no address', { url: '$WHERE', variables: { WHERE: 'file:///etc/passwd' } }, /the address of webhook-x is none/],
  [
    'a header over two lines',
    { custom_headers: '{"X-A": "$KEY"}', variables: { KEY: 'a\r\nb: c' } },
    /the headers of webhook-x can't be sent/,
  ],
])('%s is refused before anything is sent', async (_what, config, reason) => {
  const { receipt, hook } = await sent((url) => ({ url, ...config }))
  expect({ receipt, hook }).toEqual({ receipt: { kind: 'refused', reason: expect.stringMatching(reason) }, hook: undefined })
})

test('the value of a variable doesn’t stand in what is recorded', async () => {
  const { receipt } = await sent((url) => ({ url, custom_headers: '{"X-A": "$KEY"}', variables: { KEY: 'token-1234567890' } }), {}, 403)
  expect(receipt).toEqual({ kind: 'refused', reason: 'HTTP 403: [redacted] is wrong' })
})
