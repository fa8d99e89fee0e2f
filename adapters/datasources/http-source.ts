/**
 * Sources that answer JSON over HTTP (Prometheus and its kin, Loki): credentials, bounds, and what each failure means. Asked politely.
 * Never sends a secret to another place: redirects aren't followed. Read next: polite/polite.ts, adapters/http/fetch.ts.
 */
import { SourceError } from '../../activities/ports.ts'
import type { SourceOf } from '../../contract/source.ts'
import type { HttpFetch, HttpReply, TlsOptions } from '../http/fetch.ts'
import type { Polite } from './polite/polite.ts'

export type HttpSource = Readonly<{
  /** The JSON of an answer of 200. Rejects with SourceError only. */
  ask: Ask
  /** The same for what is asked by GET only: lists of labels. */
  get: Ask
}>

type Ask = (path: string, parameters: Readonly<Record<string, string>>, timeoutMs: number) => Promise<unknown>

export type HttpSourceOptions = Readonly<{
  source: SourceOf<'prometheus' | 'loki'>
  request: HttpFetch
  polite: Polite<Reply>
}>

/** An answer that came, whatever it says. */
export type Reply = Readonly<{ status: number; body: string }>

/** A reply of 20,000 groups with some hundred characters and values each. More would be parsed for nothing. */
const replyBytesMax = 16 * 1_024 * 1_024
const reasonCharsMax = 300

export function httpSource({ source, request, polite }: HttpSourceOptions): HttpSource {
  const headers = headersOf(source)
  const base = source.config.url.replace(/\/+$/, '')
  const asked =
    (send: (url: string, parameters: Readonly<Record<string, string>>, timeoutMs: number) => Promise<HttpReply>): Ask =>
    async (path, parameters, timeoutMs) => {
      const key = `${path}?${new URLSearchParams(parameters)}`
      return jsonOf(await polite.ask(key, timeoutMs, async (leftMs) => replyOf(await send(`${base}${path}`, parameters, leftMs))))
    }
  return {
    ask: asked((url, parameters, timeoutMs) => {
      // The source gives up when nobody waits any more.
      const body = new URLSearchParams({ ...parameters, timeout: `${Math.ceil(timeoutMs)}ms` }).toString()
      return request({ url, method: 'POST', headers, body, timeoutMs, maxBytes: replyBytesMax })
    }),
    get: asked((url, parameters, timeoutMs) => {
      const { 'content-type': _, ...plain } = headers
      const query = new URLSearchParams(parameters).toString()
      return request({ url: query === '' ? url : `${url}?${query}`, method: 'GET', headers: plain, timeoutMs, maxBytes: replyBytesMax })
    }),
  }
}

export function tlsOf({ config: { tls }, secrets }: SourceOf<'prometheus' | 'loki'>): TlsOptions {
  return {
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls?.cert === undefined ? {} : { cert: tls.cert }),
    ...(secrets.tls_key === undefined ? {} : { key: secrets.tls_key }),
    ...(tls?.server_name === undefined ? {} : { serverName: tls.server_name }),
  }
}

/** The source's own headers first: what the protocol needs isn't theirs to change. */
function headersOf({ config, secrets }: SourceOf<'prometheus' | 'loki'>): Record<string, string> {
  const own = Object.entries(secrets.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  const basic = config.username === undefined ? null : Buffer.from(`${config.username}:${secrets.password ?? ''}`).toString('base64')
  return {
    ...Object.fromEntries(own),
    ...(config.tenant === undefined ? {} : { 'x-scope-orgid': config.tenant }),
    ...(basic === null ? {} : { authorization: `Basic ${basic}` }),
    ...(secrets.bearer_token === undefined ? {} : { authorization: `Bearer ${secrets.bearer_token}` }),
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
}

/** What says that the source is in trouble is a failure already here, where it counts against it. */
function replyOf(reply: HttpReply): Reply {
  if (reply.kind === 'failed') throw new SourceError(reply.code === 'forbidden' ? 'refused' : reply.code, reply.reason)
  const { status, body } = reply
  if (reply.bodyTruncated)
    throw new SourceError('bad-query', `the answer is larger than ${replyBytesMax / 1_048_576} MB: ask for fewer groups`)
  if (status === 502 || status === 503 || status === 504) throw new SourceError('unreachable', reasonOf(status, body))
  if (status === 429 || status === 401 || status === 403) throw new SourceError('refused', reasonOf(status, body))
  if (status >= 300 && status < 400)
    throw new SourceError('refused', `HTTP ${status}: redirects are not followed, configure the final address`)
  if (status >= 500) throw new SourceError('bad-reply', reasonOf(status, body))
  return { status, body }
}

function jsonOf({ status, body }: Reply): unknown {
  if (status === 404) throw new SourceError('bad-reply', 'HTTP 404: is the address of the source right?')
  if (status !== 200) throw new SourceError('bad-query', reasonOf(status, body))
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new SourceError('bad-reply', `no JSON: ${body.slice(0, 100)}`, { cause })
  }
}

/** Prometheus and Loki say what is wrong in `error`, or in plain text. */
function reasonOf(status: number, body: string): string {
  const [, error] = /"error"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body) ?? []
  const text = error === undefined ? body.trim() : error.replace(/\\(.)/g, '$1')
  return `HTTP ${status}${text === '' ? '' : `: ${text.slice(0, reasonCharsMax)}`}`
}
