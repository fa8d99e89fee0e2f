import { afterEach, describe, expect, test } from 'vitest'
import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { emailNotifier } from '../../adapters/notifiers/email.ts'
import { notifierConformance, outgoingMessage } from '../conformance/notifier.ts'
import { emailAt, type MailServer, type MailServerOptions, startMailServer } from '../support/mail-server.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

async function mailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const server = await startMailServer(options)
  stops.push(server.close)
  return server
}

const notifier = emailNotifier(null)
const recovery = (change: Partial<OutgoingMessage> = {}): OutgoingMessage =>
  outgoingMessage({
    id: 'msg_1001_2_1769860860000_email',
    transition: toldTransition({ sequence: 2, from: 'Alert', to: 'OK', slot: 1_769_860_860_000, value: 12 }),
    title: '[Recovered on {host:web-1}] CPU is high',
    body: 'CPU of web-1 is 12',
    ...change,
  })

describe('conformance', () => {
  notifierConformance('email', async () => {
    const server = await mailServer()
    const arrivedIds = () => server.mails().map(({ messageId = '' }) => messageId.replace(/^<|@example\.com>$/g, ''))
    return { notifier, receiver: emailAt(server.port), arrivedIds }
  })
})

test('a mail has a subject, HTML and a text that says the same', async () => {
  const server = await mailServer()
  const message = outgoingMessage({
    body: 'CPU is **95**\nsee [runbook](https://example.com/r)',
    link: 'https://tocsin.example.com/monitors/1001',
  })
  await notifier.deliver(message, emailAt(server.port, { from_name: 'Tocsin, the bell', to: ['ops@example.com', 'sre@example.com'] }))
  const [mail] = server.mails()
  expect(mail?.subject).toBe('[Triggered on {host:web-1}] CPU is high')
  expect(mail?.from?.value).toEqual([{ name: 'Tocsin, the bell', address: 'tocsin@example.com' }])
  expect(mail?.recipients).toEqual(['ops@example.com', 'sre@example.com'])
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
  expect(mail?.html).toContain('<strong>95</strong><br>')
  expect(mail?.html).toContain('<a href="https://example.com/r">runbook</a>')
  expect(mail?.html).toContain('https://tocsin.example.com/monitors/1001')
  for (const words of ['CPU is 95\n', 'https://example.com/r', 'Status: Alert', 'Value: 95', 'Tag: host:web-1', 'monitors/1001'])
    expect(mail?.text).toContain(words)
  expect(mail?.text).not.toMatch(/<\w/)
})

test('the mails of an episode are one thread, and those of another are not in it', async () => {
  const server = await mailServer()
  const receiver = emailAt(server.port)
  const first = await notifier.deliver(outgoingMessage(), receiver)
  const reference = first.kind === 'delivered' ? (first.reference ?? null) : null
  const second = await notifier.deliver(recovery({ episode: { ...outgoingMessage().episode, reference } }), receiver)
  await notifier.deliver(
    outgoingMessage({ id: 'other', episode: { key: 'tocsin-1001-host:web-2', reference: null, othersOpen: 0 } }),
    receiver,
  )
  const [alert, recovered, other] = server.mails()
  const root = alert?.inReplyTo
  expect(reference).toEqual({ message_id: alert?.messageId })
  expect(second).not.toHaveProperty('reference')
  expect(alert?.references).toBe(root)
  expect(recovered?.inReplyTo).toBe(alert?.messageId)
  expect(recovered?.references).toEqual([root, alert?.messageId])
  expect(other?.inReplyTo).not.toBe(root)
  expect(new Set(server.mails().map(({ messageId }) => messageId)).size).toBe(3)
})

test('a recovery whose alert got lost is in the same thread', async () => {
  const server = await mailServer()
  await notifier.deliver(outgoingMessage(), emailAt(server.port))
  await notifier.deliver(recovery(), emailAt(server.port))
  const [alert, recovered] = server.mails()
  expect(recovered?.inReplyTo).toBe(alert?.inReplyTo)
})

test.each(['merged', 'storm', 'digest', 'test'] as const)('a message of the form %s is a mail', async (form) => {
  const server = await mailServer()
  const receipt = await notifier.deliver(recovery({ form, body: '- host:a\n- host:b' }), emailAt(server.port))
  expect(receipt.kind).toBe('delivered')
  expect(server.mails()[0]?.text).toMatch(/\* host:a\n ?\* host:b/)
  expect(server.mails()[0]?.inReplyTo === undefined).toBe(form === 'digest' || form === 'test')
})

test('addresses of a handle take the place of the configured ones', async () => {
  const server = await mailServer()
  await notifier.deliver(outgoingMessage({ id: 'msg_1_1_1_jo@example.com' }), emailAt(server.port, { to: ['jo@example.com'] }))
  expect(server.mails()[0]?.recipients).toEqual(['jo@example.com'])
  expect(server.mails()[0]?.messageId).toMatch(/^<msg_1_1_1_jo_example\.com\.[0-9a-f]{12}@example\.com>$/)
})

describe('hostile input', () => {
  test('no title begins a header', async () => {
    const server = await mailServer()
    const title = 'CPU\r\nBcc: victim@example.com\r\n\r\n<b>hi</b>\u2028X-Evil: 1'
    await notifier.deliver(outgoingMessage({ title }), emailAt(server.port))
    const [mail] = server.mails()
    expect(mail?.recipients).toEqual(['ops@example.com'])
    expect(mail?.headers.has('bcc')).toBe(false)
    expect(mail?.headers.has('x-evil')).toBe(false)
    expect(mail?.subject).toBe('CPU Bcc: victim@example.com <b>hi</b> X-Evil: 1')
    expect(mail?.html).toContain('&lt;b&gt;hi&lt;/b&gt;')
  })

  test('no id and no key begins a header', async () => {
    const server = await mailServer()
    const episode = { key: 'k>\r\nBcc: victim@example.com', reference: { message_id: '<x@y>\r\nX-Evil: 1' }, othersOpen: 0 }
    await notifier.deliver(outgoingMessage({ id: 'a>\r\nX-Evil: 1 <b', episode }), emailAt(server.port))
    const [mail] = server.mails()
    expect(mail?.headers.has('x-evil')).toBe(false)
    expect(mail?.headers.has('bcc')).toBe(false)
    expect(mail?.recipients).toEqual(['ops@example.com'])
  })

  test('a value is text, whatever it holds', async () => {
    const server = await mailServer()
    const hostile = '<img src=x onerror=alert(1)> **bold** [link](https://evil.example) `code` https://evil.example @ops'
    const transition = toldTransition({ group: `host:${hostile}` })
    const subject = notificationSubject({ message: 'Host *{{host.name}}* is hot' })
    const { body } = messageRenderer().render(subject, transition, { markup: 'markdown' })
    await notifier.deliver(outgoingMessage({ subject, transition, body, title: hostile }), emailAt(server.port))
    const html = String(server.mails()[0]?.html)
    expect(html).not.toMatch(/<img|<strong>|<a |<code>/)
    expect(html).toContain('Host <em>&lt;img src=x')
  })

  test('what is written can be no script', async () => {
    const server = await mailServer()
    const body = '<script>alert(1)</script> [x](javascript:alert(1)) [y](data:text/html,hi) ![z](file:///etc/passwd)'
    await notifier.deliver(outgoingMessage({ body }), emailAt(server.port))
    const [mail] = server.mails()
    expect(String(mail?.html)).not.toMatch(/<script|href|<img/)
    expect(mail?.attachments).toEqual([])
  })

  test('a tag of 1 MB, and a text of 1 MB, are cut', async () => {
    const server = await mailServer()
    const huge = 'x'.repeat(1_048_576)
    const transition = toldTransition({ group: `host:${huge}` })
    const receipt = await notifier.deliver(outgoingMessage({ transition, title: huge, body: '*'.repeat(1_048_576) }), emailAt(server.port))
    expect(receipt.kind).toBe('delivered')
    const [mail] = server.mails()
    expect(mail?.subject?.length).toBe(250)
    expect(mail?.raw.length).toBeLessThan(300_000)
  })
})
