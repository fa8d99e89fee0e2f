/** So many requests a client may make: enough for any honest use, so that one loop gone wild doesn't take the rest down. */
import type { RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { RateLimit } from '../deps.ts'
import { ApiError } from '../errors.ts'

/** 1,000 a second: some times what one process can answer. Per address, so the memory is bounded by who can connect. */
const generous: RateLimit = { requests: 10_000, windowMs: 10_000 }

export function limitRate(limit: RateLimit = generous): RequestHandler[] {
  const count = rateLimit({
    limit: limit.requests,
    windowMs: limit.windowMs,
    standardHeaders: false,
    // Ours differ: Datadog's clients sleep for X-RateLimit-Reset seconds, the package would send a date.
    legacyHeaders: false,
    keyGenerator: (req) => ipKeyGenerator(req.ip ?? ''),
    handler: (req, res, next) => {
      tell(res, limit, req.rateLimit)
      next(new ApiError(429, ['Rate limit of requests exceeded: try again later'], { retryAfterS: secondsUntil(req.rateLimit?.resetTime) }))
    },
  })
  const headers: RequestHandler = (req, res, next) => {
    tell(res, limit, req.rateLimit)
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

function tell(res: Response, limit: RateLimit, counted: Counted): void {
  res.setHeader('X-RateLimit-Limit', limit.requests)
  res.setHeader('X-RateLimit-Period', Math.ceil(limit.windowMs / 1_000))
  res.setHeader('X-RateLimit-Remaining', Math.max(0, counted?.remaining ?? 0))
  res.setHeader('X-RateLimit-Reset', secondsUntil(counted?.resetTime))
}

function secondsUntil(time: Date | undefined): number {
  return time === undefined ? 1 : Math.max(1, Math.ceil((time.getTime() - Date.now()) / 1_000))
}
