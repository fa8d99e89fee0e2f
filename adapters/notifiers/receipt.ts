/**
 * What came of a request to a receiver, for all notifiers that speak HTTP.
 * Never decides about retries, it says whether one is worthwhile; never lets a secret into a reason. Read next: webhook.ts.
 */
import type { DeliveryReceipt, Receiver } from '../../activities/notification-ports.ts'
import { boundText } from '../../core/message/format.ts'
import type { HttpReply } from '../http/fetch.ts'
import { retryAfterMs } from './retry-after.ts'

/** What a vendor's own answer adds to its status: what was wrong, in words; when to try again. */
export type Said = Readonly<{ reason?: string | undefined; afterMs?: number | null | undefined }>

export type Reading = Readonly<{
  nowMs: number
  /** Texts that must not stand in a reason, as tokens and addresses with tokens; what is short isn't looked for. */
  secrets?: readonly string[]
  /** Reads the body of an answer that isn't 2xx. */
  read?: (body: string, status: number) => Said
}>

const reasonCharactersMax = 300

/** 2xx is delivered. Worth another try: what the receiver says of itself (408, 425, 429, 5xx) and all that the network does. */
export function receiptOf(reply: HttpReply, { nowMs, secrets = [], read = asItIs }: Reading): DeliveryReceipt {
  const told = (text: string): string => reasonIn(text, secrets)
  if (reply.kind === 'failed' && reply.code === 'forbidden') return { kind: 'refused', reason: told(reply.reason) }
  if (reply.kind === 'failed') return { kind: 'retry', reason: `${reply.code}: ${told(reply.reason)}`, afterMs: null }
  const { status } = reply
  if (status >= 200 && status < 300) return { kind: 'delivered', detail: `HTTP ${status}` }
  if (status >= 300 && status < 400)
    return { kind: 'refused', reason: `HTTP ${status}: redirects are not followed, store the final address` }
  const said = read(reply.body, status)
  const words = told(said.reason ?? reply.body)
  const reason = `HTTP ${status}${words === '' ? '' : `: ${words}`}`
  if (!isWorthRetrying(status)) return { kind: 'refused', reason }
  return { kind: 'retry', reason, afterMs: said.afterMs ?? retryAfterMs(reply.headers['retry-after'], nowMs) }
}

export function isWorthRetrying(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}

/** What zod's schemas do; adapters needn't know zod for it. */
type Schema<T> = Readonly<{ safeParse: (value: unknown) => { success: true; data: T } | { success: false } }>

/** A receiver's configuration, or the receipt that says that it can't be used. */
export function configOf<T>(
  receiver: Receiver,
  schema: Schema<T>,
): Readonly<{ ok: true; config: T } | { ok: false; receipt: DeliveryReceipt }> {
  const { unreadable } = receiver.config
  // Another worker may have the key that this one lacks.
  if (typeof unreadable === 'string') return { ok: false, receipt: { kind: 'retry', reason: unreadable, afterMs: null } }
  const parsed = schema.safeParse(receiver.config)
  if (parsed.success) return { ok: true, config: parsed.data }
  return { ok: false, receipt: { kind: 'refused', reason: `the configuration of ${receiver.name} can't be read` } }
}

/** A vendor's answer by its shape; null where it isn't JSON or has another. */
export function answerOf<T>(body: string, schema: Schema<T>): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(body))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** Shorter texts are words of addresses (`services`, `workflows`), no secrets. */
const secretCharactersMin = 12

/** Of an address that lets in whoever knows it: the address, and its parts that can't be guessed, as written and decoded. */
export function secretsOfUrl(url: string): readonly string[] {
  const parsed = URL.parse(url)
  if (parsed === null) return [url]
  const parts = [...parsed.pathname.split('/'), ...parsed.search.slice(1).split('&').map(parameterValue), ...parsed.searchParams.values()]
  return [url, `${parsed.pathname}${parsed.search}`, ...parts]
}

/** What somebody else said, as a receipt may say it: bounded, without the secrets. */
export function reasonIn(text: string, secrets: readonly string[] = []): string {
  return boundText(redacted(text, secrets), reasonCharactersMax)
}

/** The text without the secrets. */
export function redacted(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets.filter(({ length }) => length >= secretCharactersMin).sort((a, b) => b.length - a.length)
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
}

function parameterValue(parameter: string): string {
  return parameter.slice(parameter.indexOf('=') + 1)
}

function asItIs(): Said {
  return {}
}
