/** One request of remote write, and what the answer means for its samples. Never rejects. Read next: write-request.ts. */
import type { Sample } from '../../core/prometheus-template/alert-series.ts'
import type { HttpFetch } from '../http/fetch.ts'
import { packedRequest, writeHeaders } from './write-request.ts'

/** Either a name and a password or a token; null where there is none. */
export type RemoteWriteConfig = Readonly<{
  url: string
  username: string | null
  password: string | null
  token: string | null
  /** Whose series they are, where the other side keeps those of many apart. */
  tenant: string | null
}>

export type WriteAnswer = Readonly<{ kind: 'taken' } | { kind: 'refused' | 'later'; reason: string }>

/** Prometheus waits for so long itself. */
const timeoutMs = 30_000
/** Of an answer, for logs. */
const reasonMax = 300
/** Samples that are wrong or too many stay so. Keys, addresses and overload can be mended while the samples wait. */
const refusals: readonly number[] = [400, 413, 422]

export function poster(config: RemoteWriteConfig, send: HttpFetch): (samples: readonly Sample[]) => Promise<WriteAnswer> {
  const headers = { ...writeHeaders, ...authorization(config) }
  return async (samples) => {
    const reply = await send({
      url: config.url,
      method: 'POST',
      headers,
      body: packedRequest(samples),
      timeoutMs,
      maxBytes: reasonMax,
    })
    if (reply.kind === 'failed') return { kind: 'later', reason: reply.reason }
    if (reply.status < 300) return { kind: 'taken' }
    return { kind: refusals.includes(reply.status) ? 'refused' : 'later', reason: `status ${reply.status}: ${reply.body.trim()}` }
  }
}

function authorization({ username, password, token, tenant }: RemoteWriteConfig): Record<string, string> {
  const basic = username === null ? null : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
  const authorized = token === null ? basic : `Bearer ${token}`
  return {
    ...(authorized === null ? {} : { authorization: authorized }),
    ...(tenant === null ? {} : { 'x-scope-orgid': tenant }),
  }
}
