/**
 * Every failure as `{"errors": [...]}`. What we lean on being away is 503; what a client sent is 4xx; the rest is a bug.
 * Never tells a client more than sentences meant for it. Read next: ../errors.ts.
 */
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { isOutage, isRefusedValue } from '../../adapters/postgres/outage.ts'
import { bodyBytesMax } from '../../contract/bounds.ts'
import type { Log } from '../deps.ts'
import { ApiError, notFound, unavailable } from '../errors.ts'
import { badJsonSentence } from './bad-json.ts'

export const unknownRoute: RequestHandler = (req) => {
  throw notFound(`${req.method} ${req.path.slice(0, 200)}`)
}

export function answerErrors(log: Log): ErrorRequestHandler {
  return (error, req, res, next) => {
    const answer = toApiError(error)
    if (answer.status >= 500) {
      const fields = { requestId: res.getHeader('x-request-id'), method: req.method, path: req.path, status: answer.status, error }
      log.error(fields, answer.status === 500 ? 'request-failed-unexpectedly' : 'request-not-possible-now')
    }
    // Too late to answer: Express closes the connection.
    if (res.headersSent) return next(error)
    if (answer.retryAfterS !== null) res.setHeader('Retry-After', answer.retryAfterS)
    res.status(answer.status).json({ errors: answer.errors })
  }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return (
    fromBodyParser(error) ??
    fromRuntime(error) ??
    fromPostgres(error) ??
    fromExpress(error) ??
    new ApiError(500, ['Internal error: it was logged with this request’s x-request-id'], { cause: error })
  )
}

/** body-parser names its errors by `type`. */
function fromBodyParser(error: unknown): ApiError | null {
  switch (textOf(error, 'type')) {
    case 'entity.parse.failed':
      return new ApiError(400, [badJsonSentence(textOf(error, 'message') ?? '', textOf(error, 'body') ?? '')])
    case 'entity.too.large':
      return new ApiError(413, [`body is larger than ${limitOf(error)} bytes`])
    case 'encoding.unsupported':
      return new ApiError(415, ['unsupported Content-Encoding: send gzip, deflate, br, zstd or none'])
    case 'charset.unsupported':
      return new ApiError(415, ['unsupported charset: send UTF-8'])
    default:
      return null
  }
}

/** Of most routes; some take more. */
function limitOf(error: unknown): number {
  return error instanceof Error && 'limit' in error && typeof error.limit === 'number' ? error.limit : bodyBytesMax
}

function fromRuntime(error: unknown): ApiError | null {
  const reason = textOf(error, 'message') ?? ''
  switch (textOf(error, 'code')) {
    case 'runtime-unavailable':
    case 'monitor-not-running':
      return unavailable(reason, error)
    case 'backtest-impossible':
      return new ApiError(400, [reason], { cause: error })
    case 'monitor-refused':
      return new ApiError(409, [reason], { cause: error })
    default:
      return null
  }
}

function fromPostgres(error: unknown): ApiError | null {
  if (isOutage(error)) return unavailable('the database can’t be reached right now', error)
  return isRefusedValue(error) ? new ApiError(400, ['a value in this request can’t be stored'], { cause: error }) : null
}

/** Express and its packages put the status of a client's mistake on the error: a bad escape in a path, an aborted body. */
function fromExpress(error: unknown): ApiError | null {
  if (!(error instanceof Error) || !('status' in error)) return null
  const { status } = error
  return typeof status === 'number' && status >= 400 && status < 500 ? new ApiError(status, [error.message], { cause: error }) : null
}

function textOf(error: unknown, field: 'type' | 'code' | 'message' | 'body'): string | null {
  if (!(error instanceof Error)) return null
  const value: unknown = Object.getOwnPropertyDescriptor(error, field)?.value
  return typeof value === 'string' ? value : null
}
