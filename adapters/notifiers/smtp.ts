/**
 * One mail over one connection, within one deadline. Answers with a receipt: what the server or the network does is never an
 * exception. Read next: email.ts, smtp-receipt.ts, adapters/http/guard.ts.
 */
import { isIP, Socket } from 'node:net'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type { DeliveryReceipt } from '../../activities/notification-ports.ts'
import type { EmailConfig } from '../../contract/receivers/email.ts'
import { ForbiddenAddressError, type Guard } from '../http/guard.ts'
import { receiptOfFailure, receiptOfSent } from './smtp-receipt.ts'

/** What a mail has here; nodemailer knows more, which could name files and addresses. */
export type Mail = Readonly<{
  from: string | Readonly<{ name: string; address: string }>
  to: readonly string[]
  replyTo?: string
  messageId: string
  inReplyTo?: string
  references?: readonly string[]
  headers: Readonly<Record<string, string>>
  subject: string
  html: string
  text: string
}>

export async function sendMail(guard: Guard | null, config: EmailConfig, mail: Mail, timeoutMs: number): Promise<DeliveryReceipt> {
  // The whole exchange has the time of one attempt, not each of its steps.
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const transport = createTransport({
      ...securityOf(config),
      host: config.host,
      port: portOf(config),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // Nothing of it may read files or call addresses, whatever stands in a text.
      disableFileAccess: true,
      disableUrlAccess: true,
      getSocket: (_options, callback) => {
        guardedSocket(guard, config.host, portOf(config), signal).then(
          (connection) => callback(null, { connection }),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), false),
        )
      },
    })
    return receiptOfSent(await transport.sendMail({ ...optionsOf(mail), signal }), config)
  } catch (error) {
    return receiptOfFailure(error, config, signal.aborted ? timeoutMs : null)
  }
}

function optionsOf({ to, references, from, ...mail }: Mail): SendMailOptions {
  return {
    ...mail,
    from: typeof from === 'string' ? from : { ...from },
    to: [...to],
    ...(references === undefined ? {} : { references: [...references] }),
  }
}

function portOf({ port, tls }: EmailConfig): number {
  return port ?? (tls === 'tls' ? 465 : 587)
}

function securityOf({ tls, verify_certificate, ca, username, password }: EmailConfig) {
  return {
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { rejectUnauthorized: verify_certificate, ...(ca === undefined ? {} : { ca }) },
    // Where a login is configured, nothing is sent without one.
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' }, forceAuth: true }),
  }
}

/** A connection to what was checked: an address as it stands, or what the name stands for at this moment. */
async function guardedSocket(guard: Guard | null, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const reason = guard === null || isIP(host) === 0 ? null : guard.refusal(host)
  if (reason !== null) throw new ForbiddenAddressError(reason)
  const socket = new Socket({ signal })
  // Stays: what happens to it after the answer is nobody's concern.
  socket.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
    socket.connect({ host, port, ...(guard === null ? {} : { lookup: guard.lookup }) })
  })
  return socket
}
