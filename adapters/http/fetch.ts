/**
 * The only place from which Tocsin calls other machines over HTTP: checks, receivers, HTTP datasources.
 * Answers with values: what the other side or the network does is never an exception. Never follows a redirect, never
 * reads an endless body, never waits without a deadline. Read next: failure.ts.
 */
import { isIP } from 'node:net'
import { Agent, buildConnector, request as send } from 'undici'
import { failureOf, type HttpFailureCode, type HttpHeaders } from './failure.ts'
import { ForbiddenAddressError, type Guard } from './guard.ts'

export type HttpRequest = Readonly<{
  url: string
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: HttpHeaders
  body?: string | Uint8Array
  /** From the first byte sent to the last byte read, connecting included. */
  timeoutMs: number
  /** More of the answer's body than this is not read. */
  maxBytes?: number
}>

export type HttpReply = Readonly<
  | {
      kind: 'response'
      status: number
      /** Names in lower case; several lines of one name are joined by a comma. */
      headers: HttpHeaders
      body: string
      bodyTruncated: boolean
      durationMs: number
    }
  | { kind: 'failed'; code: HttpFailureCode; reason: string; durationMs: number }
>

/** Sends one request. Never rejects. */
export type HttpFetch = (request: HttpRequest) => Promise<HttpReply>

/** Error pages and webhook answers are read for their first lines; metrics come in other ways. */
const bodyMaxBytes = 64 * 1_024
/** Answers with more header bytes than this are refused by the parser. */
const headerMaxBytes = 16 * 1_024

/** PEM texts; `serverName` where the certificate has another name than the address. */
export type TlsOptions = Readonly<{ ca?: string; cert?: string; key?: string; serverName?: string }>

export type HttpClient = Readonly<{ request: HttpFetch; close: () => Promise<void> }>

export type HttpClientOptions = Readonly<{
  /** null = every address may be called: only for what isn't written by users. */
  guard: Guard | null
  tls?: TlsOptions
}>

/** One pool of connections. */
export function httpClient({ guard, tls = {} }: HttpClientOptions): HttpClient {
  const { serverName, ...pem } = tls
  const agent = new Agent({
    // A receiver that is called each minute needn't be connected anew each time; longer, and middleboxes drop it silently.
    keepAliveTimeout: 4_000,
    // Slow receivers must not take all sockets of the process.
    connections: 64,
    maxHeaderSize: headerMaxBytes,
    connect: connector(guard, { ...pem, ...(serverName === undefined ? {} : { servername: serverName }) }),
  })
  return { request: (input) => exchange(agent, input), close: () => agent.close() }
}

/** Without a guard. */
export const { request } = httpClient({ guard: null })

/** Each connection is checked, whatever led to it: an address in the URL, or what its name stands for at this moment. */
function connector(guard: Guard | null, tls: object): buildConnector.connector {
  if (guard === null) return buildConnector(tls)
  const connect = buildConnector({ ...tls, lookup: guard.lookup })
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const reason = isIP(host) === 0 ? null : guard.refusal(host)
    if (reason === null) connect(options, callback)
    else callback(new ForbiddenAddressError(reason), null)
  }
}

async function exchange(agent: Agent, input: HttpRequest): Promise<HttpReply> {
  const startedAt = performance.now()
  const elapsed = (): number => performance.now() - startedAt
  const signal = AbortSignal.timeout(input.timeoutMs)
  try {
    const response = await send(input.url, {
      method: input.method,
      dispatcher: agent,
      signal,
      headers: { 'user-agent': 'tocsin', ...input.headers },
      ...(input.body === undefined ? {} : { body: input.body }),
    })
    const { text, truncated } = await readText(response.body, input.maxBytes ?? bodyMaxBytes)
    return {
      kind: 'response',
      status: response.statusCode,
      headers: flatten(response.headers),
      body: text,
      bodyTruncated: truncated,
      durationMs: elapsed(),
    }
  } catch (error) {
    return { kind: 'failed', ...failureOf(error, signal.aborted, input.timeoutMs), durationMs: elapsed() }
  }
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ text: string; truncated: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop early destroys the body, and with it the connection: an endless one costs nothing more.
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > maxBytes) break
  }
  const bytes = Buffer.concat(chunks)
  return { text: bytes.subarray(0, maxBytes).toString('utf8'), truncated: size > maxBytes }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}
