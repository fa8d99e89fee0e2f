import type { DeliveryReceipt } from '../../activities/notification-ports.ts'
import type { EmailConfig } from '../../contract/receivers/email.ts'
import { boundText } from '../../core/message/format.ts'
import { ForbiddenAddressError } from '../http/guard.ts'
import { redacted } from './receipt.ts'

const reasonCharactersMax = 300

type Config = Pick<EmailConfig, 'password' | 'to'>
/** What nodemailer says of a server's refusal. */
type Refusal = Readonly<{ recipient?: unknown; response?: unknown; responseCode?: unknown }>
type Sent = Readonly<{ response: string; rejected: readonly unknown[]; rejectedErrors?: readonly Refusal[] | undefined }>

/**
 * Somebody got it. Addresses that are refused for good are named; for those that are put off it is sent again to all: the
 * Message-ID is the same, and twice is better than not at all.
 */
export function receiptOfSent({ response, rejected, rejectedErrors = [] }: Sent, config: Config): DeliveryReceipt {
  const told = teller(config)
  if (rejected.length === 0) return { kind: 'delivered', detail: told(response) }
  const reasons = rejectedErrors.map(({ recipient, response: why }) => `${String(recipient)}: ${String(why)}`).join('; ')
  if (rejectedErrors.some(isTemporary)) return { kind: 'retry', reason: told(`put off for ${reasons}`), afterMs: null }
  return { kind: 'delivered', detail: told(`${config.to.length - rejected.length} of ${config.to.length} addresses; refused: ${reasons}`) }
}

/** `timedOutMs`: the time that was over, where it was that. */
export function receiptOfFailure(error: unknown, config: Config, timedOutMs: number | null): DeliveryReceipt {
  const told = teller(config)
  if (error instanceof ForbiddenAddressError) return { kind: 'refused', reason: told(error.message) }
  if (timedOutMs !== null)
    return { kind: 'retry', reason: `timeout: the mail server didn't take it within ${timedOutMs} ms`, afterMs: null }
  const { code, responseCode, message, rejectedErrors } = factsOf(error)
  const retry: DeliveryReceipt = { kind: 'retry', reason: told(message), afterMs: null }
  if (rejectedErrors.some(isTemporary)) return retry
  // Certificates are renewed and servers are set up: that is no reason to drop a page.
  if (code === 'ETLS' || /certificate/i.test(message))
    return { ...retry, reason: told(`${message} (tls, ca and verify_certificate say how it is connected to)`) }
  const permanent = responseCode === null ? code === 'EAUTH' || code === 'EENVELOPE' || code === 'EMESSAGE' : responseCode >= 500
  if (!permanent) return retry
  const advice = code === 'EAUTH' ? ' (the mail server refuses the login: store username and password again)' : ''
  return { kind: 'refused', reason: `${told(message)}${advice}` }
}

type Facts = Readonly<{ code: string; responseCode: number | null; message: string; rejectedErrors: readonly Refusal[] }>

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { code: '', responseCode: null, message: String(error), rejectedErrors: [] }
  return {
    code: 'code' in error ? String(error.code) : '',
    responseCode: 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null,
    // An AggregateError (several addresses tried) has an empty message of its own.
    message: error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message,
    rejectedErrors: 'rejectedErrors' in error && Array.isArray(error.rejectedErrors) ? error.rejectedErrors : [],
  }
}

function isTemporary({ responseCode }: Refusal): boolean {
  return typeof responseCode === 'number' && responseCode >= 400 && responseCode < 500
}

/** Bounded, and without the password in any form in which a server could say it. */
function teller({ password }: Config): (text: string) => string {
  const secrets = password === undefined ? [] : [password, Buffer.from(password).toString('base64')]
  const hidden = (text: string): string => (password === undefined ? text : text.replaceAll(password, '[redacted]'))
  return (text) => boundText(hidden(redacted(text, secrets)), reasonCharactersMax)
}
