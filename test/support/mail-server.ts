import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import type { Receiver } from '../../activities/notification-ports.ts'
import type { DeliveryPolicy } from '../../core/delivery/policy.ts'
import { testCertificate } from './certificate.ts'

export type MailServer = Readonly<{
  port: number
  /** What has arrived, oldest first: read by a parser that isn't the sender's. */
  mails: () => readonly (ParsedMail & Readonly<{ raw: string; recipients: readonly string[]; encrypted: boolean; user: string | null }>)[]
  close: () => Promise<void>
}>

export type MailServerOptions = Readonly<{
  /** `tls`: from the first byte; `starttls`: offered; `none`: not offered. By default `none`. */
  tls?: 'tls' | 'starttls' | 'none'
  /** Who may log in; without, nobody has to. */
  user?: Readonly<{ name: string; password: string }>
  /** Its answer to an address or a mail that isn't taken; null = it is taken. */
  refuse?: (command: 'rcpt' | 'data' | 'mail' | 'auth', about: string) => Readonly<{ code: number; text: string }> | null
}>

class Refusal extends Error {
  readonly responseCode: number
  constructor({ code, text }: Readonly<{ code: number; text: string }>) {
    super(text)
    this.responseCode = code
  }
}

/** A real mail server on loopback. */
export async function startMailServer({ tls = 'none', user, refuse = () => null }: MailServerOptions = {}): Promise<MailServer> {
  const mails: (ParsedMail & { raw: string; recipients: readonly string[]; encrypted: boolean; user: string | null })[] = []
  const refusal = (command: 'rcpt' | 'data' | 'mail' | 'auth', about: string): Refusal | null => {
    const answer = refuse(command, about)
    return answer === null ? null : new Refusal(answer)
  }
  const server = new SMTPServer({
    secure: tls === 'tls',
    ...testCertificate,
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(user === undefined ? ['AUTH'] : [])],
    authOptional: user === undefined,
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      const refused = refusal('auth', username ?? '')
      if (refused !== null) return done(refused)
      if (username === user?.name && password === user?.password) return done(null, { user: username })
      done(new Error(`no such user ${username} with ${password}`))
    },
    onMailFrom: ({ address }, _session, done) => done(refusal('mail', address)),
    onRcptTo: ({ address }, _session, done) => done(refusal('rcpt', address)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8')
        const refused = refusal('data', raw)
        if (refused !== null) return done(refused)
        simpleParser(raw).then((mail) => {
          const recipients = session.envelope.rcptTo.map(({ address }) => address)
          mails.push({ ...mail, raw, recipients, encrypted: session.secure, user: typeof session.user === 'string' ? session.user : null })
          done()
        }, done)
      })
    },
  })
  // A client that hangs up or that doesn't trust the certificate is what some tests are about.
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await new Promise<void>((resolve) => listening.once('listening', resolve))
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('the mail server listens on no port')
  return { port: address.port, mails: () => mails, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

type Change = Readonly<Record<string, unknown>>

/** A receiver of mails at a mail server on loopback. */
export function emailAt(port: number, change: Change = {}, policy: Partial<DeliveryPolicy> = { timeoutMs: 5_000 }): Receiver {
  const config = { host: '127.0.0.1', port, tls: 'none', from: 'tocsin@example.com', to: ['ops@example.com'], ...change }
  return { name: 'email', kind: 'email', config, policy }
}
