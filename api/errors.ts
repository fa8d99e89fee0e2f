/**
 * The one way a request fails: a status and sentences for people, sent as `{"errors": [...]}`.
 * Never carries a secret or a stack to the client: what isn't an ApiError is mapped in middleware/errors.ts.
 * Read next: middleware/errors.ts.
 */
import type { Parsed } from '../contract/parse.ts'

export class ApiError extends Error {
  readonly status: number
  readonly errors: readonly string[]
  /** Sent as Retry-After, in seconds. */
  readonly retryAfterS: number | null

  constructor(status: number, errors: readonly string[], options: ErrorOptions & Readonly<{ retryAfterS?: number }> = {}) {
    super(errors.join('; '), options)
    this.name = 'ApiError'
    this.status = status
    this.errors = errors
    this.retryAfterS = options.retryAfterS ?? null
  }
}

export const badRequest = (errors: readonly string[]): ApiError => new ApiError(400, errors)

/** What was parsed, or the refusal that says what is wrong with it. */
export function accepted<Value>(parsed: Parsed<Value>): Value {
  if (!parsed.ok) throw badRequest(parsed.errors)
  return parsed.value
}

export const notFound = (what: string): ApiError => new ApiError(404, [`${what} not found`])

/** Something we lean on is away. Two seconds: a restart of PostgreSQL or Temporal takes about that. */
export const unavailable = (reason: string, cause?: unknown): ApiError => new ApiError(503, [reason], { retryAfterS: 2, cause })
