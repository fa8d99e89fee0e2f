import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { guardOf } from '../../adapters/http/guard.ts'
import { emailNotifier } from '../../adapters/notifiers/email.ts'
import { freePort } from '../../cli/up/port.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { testCertificate } from '../support/certificate.ts'
import { emailAt, type MailServer, type MailServerOptions, startMailServer } from '../support/mail-server.ts'

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

describe('the way to the server', () => {
  const login = { username: 'tocsin', password: 'correct horse battery' }
  const user = { name: login.username, password: login.password }

  test.each(['starttls', 'tls'] as const)('%s with a certificate that is known, and a login', async (tls) => {
    const server = await mailServer({ tls, user })
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(server.port, { tls, ca: testCertificate.cert, ...login }))
    expect(receipt.kind).toBe('delivered')
    expect(server.mails()[0]).toMatchObject({ encrypted: true, user: 'tocsin' })
  })

  test.each(['starttls', 'tls'] as const)('%s with a certificate that nobody knows is not used, unless it is said so', async (tls) => {
    const server = await mailServer({ tls })
    expect(await notifier.deliver(outgoingMessage(), emailAt(server.port, { tls }))).toMatchObject({
      kind: 'retry',
      reason: expect.stringMatching(/self.signed certificate.*verify_certificate/),
    })
    expect(server.mails()).toEqual([])
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(server.port, { tls, verify_certificate: false }))
    expect(receipt.kind).toBe('delivered')
  })

  test('a server without STARTTLS gets neither the mail nor the password', async () => {
    const server = await mailServer({ tls: 'none', user })
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(server.port, { tls: 'starttls', ...login }))
    expect(receipt.kind).toBe('retry')
    expect(JSON.stringify(receipt)).toMatch(/STARTTLS/i)
    expect(server.mails()).toEqual([])
  })

  test('a login that fails is refused, says what to do, and names no password', async () => {
    const server = await mailServer({ tls: 'starttls', user })
    const wrong = { ...login, password: 'hunter2hunter2' }
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(server.port, { tls: 'starttls', ca: testCertificate.cert, ...wrong }))
    expect(receipt).toEqual({ kind: 'refused', reason: expect.stringMatching(/\[redacted\].*store username and password again/s) })
    expect(JSON.stringify(receipt)).not.toContain('hunter2')
  })

  test('a login that fails for now is tried again', async () => {
    const server = await mailServer({ tls: 'starttls', user, refuse: (what) => (what === 'auth' ? { code: 454, text: 'later' } : null) })
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(server.port, { tls: 'starttls', ca: testCertificate.cert, ...login }))
    expect(receipt).toMatchObject({ kind: 'retry', afterMs: null })
  })

  test('where a login is configured and the server has none, nothing is sent', async () => {
    const server = await mailServer({ tls: 'starttls' })
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(server.port, { tls: 'starttls', ca: testCertificate.cert, ...login }))
    expect(receipt.kind).not.toBe('delivered')
    expect(server.mails()).toEqual([])
  })

  test.each([
    ['an address', '127.0.0.1'],
    ['a name', 'localhost'],
  ])('%s that may not be called is refused', async (_what, host) => {
    const server = await mailServer()
    expect(await emailNotifier(guardOf('none')).deliver(outgoingMessage(), emailAt(server.port, { host }))).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/is not a public address, and TOCSIN_ALLOW_PRIVATE/),
    })
    expect(server.mails()).toEqual([])
    const receipt = await emailNotifier(guardOf('127.0.0.0/8,::1')).deliver(outgoingMessage(), emailAt(server.port, { host }))
    expect(receipt.kind).toBe('delivered')
  })
})

describe('what a server makes of it', () => {
  const answering = (command: string, code: number): MailServerOptions => ({
    refuse: (what) => (what === command ? { code, text: 'not like this' } : null),
  })
  test.each([
    ['a sender that is refused', 'mail', 550, 'refused'],
    ['a sender that is put off', 'mail', 451, 'retry'],
    ['an address that is refused', 'rcpt', 550, 'refused'],
    ['an address that is put off', 'rcpt', 450, 'retry'],
    ['a mail that is refused', 'data', 554, 'refused'],
    ['a mail that is put off', 'data', 452, 'retry'],
  ])('%s', async (_what, command, code, kind) => {
    const server = await mailServer(answering(command, code))
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(server.port))
    expect(receipt).toMatchObject({ kind, reason: expect.stringContaining('not like this') })
  })

  test('one of two addresses that is refused for good is named; the other has its mail', async () => {
    const server = await mailServer({
      refuse: (what, about) => (what === 'rcpt' && about.startsWith('gone') ? { code: 550, text: 'moved' } : null),
    })
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(server.port, { to: ['ops@example.com', 'gone@example.com'] }))
    expect(receipt).toMatchObject({
      kind: 'delivered',
      detail: expect.stringMatching(/^1 of 2 addresses; refused: gone@example\.com: 550 moved/),
    })
    expect(server.mails()[0]?.recipients).toEqual(['ops@example.com'])
  })

  test('one of two addresses that is put off is tried again under the same id', async () => {
    let busy = true
    const refuse = (what: string, about: string) =>
      busy && what === 'rcpt' && about.startsWith('busy') ? { code: 450, text: 'greylisted' } : null
    const server = await mailServer({ refuse })
    const receiver = emailAt(server.port, { to: ['ops@example.com', 'busy@example.com'] })
    expect(await notifier.deliver(outgoingMessage(), receiver)).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('greylisted'),
    })
    busy = false
    expect((await notifier.deliver(outgoingMessage(), receiver)).kind).toBe('delivered')
    expect(new Set(server.mails().map(({ messageId }) => messageId)).size).toBe(1)
  })

  test('no server is tried again', async () => {
    expect((await notifier.deliver(outgoingMessage(), emailAt(await freePort()))).kind).toBe('retry')
    expect((await notifier.deliver(outgoingMessage(), emailAt(25, { host: 'mail.invalid' }))).kind).toBe('retry')
  })

  const silent = async (first: string): Promise<Server> => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.resume()
      socket.write(first)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stops.push(() => new Promise((resolve) => server.close(() => resolve())))
    return server
  }
  test.each([
    ['says nothing', ''],
    ['stops after its greeting', '220 here\r\n'],
    ['never ends its greeting', '220-and\r\n'],
  ])('a server that %s is given up in time and tried again', async (_what, first) => {
    const address = (await silent(first)).address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(address.port, {}, { timeoutMs: 300 }))
    expect(receipt).toMatchObject({ kind: 'retry', reason: expect.stringMatching(/time/i) })
  })

  test('a server whose answer never ends is given up, without keeping what it says', async () => {
    const flood = createServer((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write('220-'.padEnd(16_384, 'x').concat('\r\n')));
        if (!socket.destroyed) socket.once('drain', more)
      }
      socket.on('error', () => {})
      socket.resume()
      more()
    })
    await new Promise<void>((resolve) => flood.listen(0, '127.0.0.1', resolve))
    stops.push(() => new Promise((resolve) => flood.close(() => resolve())))
    const address = flood.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const receipt = await notifier.deliver(outgoingMessage(), emailAt(address.port, {}, { timeoutMs: 2_000 }))
    expect(receipt.kind).toBe('retry')
    expect(JSON.stringify(receipt).length).toBeLessThan(500)
  })

  test('a server that speaks another language is tried again', async () => {
    const address = (await silent('HTTP/1.1 400 Bad Request\r\n\r\n')).address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    expect((await notifier.deliver(outgoingMessage(), emailAt(address.port, {}, { timeoutMs: 1_000 }))).kind).toBe('retry')
  })
})
