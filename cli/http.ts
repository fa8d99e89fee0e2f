/**
 * The one HTTP client of every command: JSON in, JSON out, with Tocsin's keys.
 * Never knows a route; never retries: whoever calls knows what may be sent twice. Read next: contract/.
 */

/** `dateMs`: the server's clock, in whole seconds, where it tells. */
export type HttpAnswer = Readonly<{ status: number; body: unknown; dateMs?: number }>

export type HttpClient = Readonly<{
  baseUrl: string
  /** Answers whatever came with a status; rejects with HttpUnreachable where nothing did. */
  request: (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<HttpAnswer>
}>

/** `timeoutMs`: for what takes longer than a request commonly does. */
export type HttpClientOptions = Readonly<{ baseUrl: string; apiKey: string | null; appKey: string | null; timeoutMs?: number }>

export class HttpUnreachable extends Error {
  readonly code = 'unreachable'
}

/** The API answers in milliseconds; one that takes this long hangs. */
const timeoutDefaultMs = 10_000

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const headers = {
    ...(options.apiKey === null ? {} : { 'dd-api-key': options.apiKey }),
    ...(options.appKey === null ? {} : { 'dd-application-key': options.appKey }),
  }
  return {
    baseUrl: options.baseUrl,
    request: async (method, path, body) => {
      const content = body === undefined ? {} : { body: JSON.stringify(body) }
      const contentType = body === undefined ? {} : { 'content-type': 'application/json' }
      try {
        const response = await fetch(new URL(path, options.baseUrl), {
          method,
          ...content,
          headers: { ...headers, ...contentType },
          signal: AbortSignal.timeout(options.timeoutMs ?? timeoutDefaultMs),
        })
        const dateMs = Date.parse(response.headers.get('date') ?? '')
        return { status: response.status, body: parseJson(await response.text()), ...(Number.isNaN(dateMs) ? {} : { dateMs }) }
      } catch (error) {
        throw new HttpUnreachable(`${options.baseUrl} does not answer: ${reasonOf(error)}`, { cause: error })
      }
    },
  }
}

/** What the API said was wrong, in one line; for messages. */
export function errorsOf(answer: HttpAnswer): string {
  const { body } = answer
  const errors = typeof body === 'object' && body !== null && 'errors' in body && Array.isArray(body.errors) ? body.errors : []
  return [`HTTP ${answer.status}`, ...errors.map(String)].join(': ')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** fetch hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}
