/**
 * How many requests may be under way at once, and how much of their bodies in memory. Whoever comes beyond that is told to come back, in a
 * millisecond and with nothing read: the others are answered in time, and the process keeps its memory. Read next: ../app.ts.
 */
import type { Request, RequestHandler } from 'express'
import type { Admission } from '../deps.ts'
import { ApiError } from '../errors.ts'

/** PostgreSQL answers over ten connections: so many wait for some tenths of a second, more would wait in vain. */
export const usualAdmission: Admission = {
  requests: 256,
  // Unpacked and parsed they take some times as much.
  bytes: 64 * 1_024 * 1_024,
}

/** Whoever was refused finds room again when those under way are answered. */
const retryAfterS = 1

/** `status`: 429 says that less should be sent, 503 that it is the server that can't. `bodyBytesMax`: what a body may come to unpacked. */
export function admit(status: 429 | 503, bodyBytesMax: number, { requests, bytes }: Admission = usualAdmission): RequestHandler {
  let underWay = 0
  let bytesUnderWay = 0
  return (req, res, next) => {
    const size = Math.min(bodyBytesOf(req, bodyBytesMax), bodyBytesMax)
    // A body that is larger than all there may be is taken when it comes alone.
    const full = underWay >= requests ? 'requests' : underWay > 0 && bytesUnderWay + size > bytes ? 'bytes' : null
    if (full !== null) {
      // What the client still sends is nobody's.
      res.setHeader('Connection', 'close')
      next(new ApiError(status, [`Too many ${full} are being dealt with: try again later`], { retryAfterS }))
      return
    }
    underWay += 1
    bytesUnderWay += size
    // Answered, or given up by the client: comes once in any case.
    res.once('close', () => {
      underWay -= 1
      bytesUnderWay -= size
    })
    next()
  }
}

/** As far as it is known before it is read: a packed body, or one of unknown length, may come to the most. */
function bodyBytesOf(req: Request, most: number): number {
  const length = req.headers['content-length']
  if (req.headers['transfer-encoding'] !== undefined || (length !== undefined && req.headers['content-encoding'] !== undefined)) return most
  return length === undefined ? 0 : Number(length)
}
