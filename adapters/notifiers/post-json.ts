import type { Receiver } from '../../activities/notification-ports.ts'
import { policyOf } from '../../core/delivery/policy.ts'
import type { HttpFetch, HttpReply } from '../http/fetch.ts'

export type JsonPost = Readonly<{
  url: string
  payload: unknown
  /** The message's; a proxy on the way that remembers it can leave out what comes twice. */
  id: string
  headers?: Readonly<Record<string, string>>
  /** Of the answer. */
  maxBytes: number
}>

/** Sends a payload to a chat as JSON, in the receiver's own time. */
export function postJson(send: HttpFetch, receiver: Receiver, { url, payload, id, headers = {}, maxBytes }: JsonPost): Promise<HttpReply> {
  return send({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': id, ...headers },
    body: JSON.stringify(payload),
    timeoutMs: policyOf(receiver).timeoutMs,
    maxBytes,
  })
}
