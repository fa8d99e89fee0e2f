/** So many requests a client may make: enough for any honest use, so that one loop gone wild doesn't take the rest down. */
import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { RateLimit } from '../deps.ts'
import { ApiError } from '../errors.ts'
import { principalOf } from './keys.ts'

/** 1,000 a second: some times what one process can answer. */
const generous: RateLimit = { requests: 10_000, windowMs: 10_000 }

/** Per address, before anything is known of who asks: the memory is bounded by who can connect. */
export function limitRate(limit: RateLimit = generous): RequestHandler[] {
  return limitBy('requests-of-address', limit, (req) => ipKeyGenerator(req.ip ?? ''))
}

/** Per key that was admitted: one program gone wild doesn't take the others' share, wherever it runs. Its headers are the ones told. */
export function limitKeyRate(limit: RateLimit = generous): RequestHandler[] {
  return limitBy('requests-of-key', limit, (req) => principalOf(req).id)
}

function limitBy(name: string, limit: RateLimit, keyGenerator: (req: Request) => string): RequestHandler[] {
  const count = rateLimit({
    limit: limit.requests,
    windowMs: limit.windowMs,
    standardHeaders: false,
    // Ours differ: Datadog's clients sleep for X-RateLimit-Reset seconds, the package would send a date.
    legacyHeaders: false,
    keyGenerator,
    handler: (req, res, next) => {
      tell(res, name, limit, req.rateLimit)
      next(new ApiError(429, ['Rate limit of requests exceeded: try again later'], { retryAfterS: secondsUntil(req.rateLimit?.resetTime) }))
    },
  })
  const headers: RequestHandler = (req, res, next) => {
    tell(res, name, limit, req.rateLimit)
    next()
  }
  return [count, headers]
}

type Counted = Readonly<{ remaining: number; resetTime?: Date | undefined }> | undefined

declare module 'express-serve-static-core' {
  interface Request {
    rateLimit?: { limit: number; used: number; remaining: number; resetTime?: Date | undefined; key: string }
  }
}

function tell(res: Response, name: string, limit: RateLimit, counted: Counted): void {
  res.setHeader('X-RateLimit-Name', name)
  res.setHeader('X-RateLimit-Limit', limit.requests)
  res.setHeader('X-RateLimit-Period', Math.ceil(limit.windowMs / 1_000))
  res.setHeader('X-RateLimit-Remaining', Math.max(0, counted?.remaining ?? 0))
  res.setHeader('X-RateLimit-Reset', secondsUntil(counted?.resetTime))
}

function secondsUntil(time: Date | undefined): number {
  return time === undefined ? 1 : Math.max(1, Math.ceil((time.getTime() - Date.now()) / 1_000))
}
