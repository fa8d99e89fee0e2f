/** Names each request and logs its end as one event. Never logs a header, a body or a query string: keys may be there. */
import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Log } from '../deps.ts'

/** A client's own id is echoed if it is harmless in a log line. */
const requestId = /^[\w.:-]{1,128}$/

export function requestLog(log: Log): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id') ?? ''
    const id = requestId.test(given) ? given : randomUUID()
    res.setHeader('x-request-id', id)
    const startedAt = performance.now()
    res.once('close', () => {
      const fields = {
        requestId: id,
        method: req.method,
        path: req.path,
        status: res.statusCode,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        ...(res.writableFinished ? {} : { aborted: true }),
      }
      log[levelOf(req.method, res.statusCode)](fields, 'request')
    })
    next()
  }
}

/** Reads and intake come many a second: they are seen on request only. */
function levelOf(method: string, status: number): 'debug' | 'info' | 'warn' {
  if (status >= 500) return 'warn'
  return method === 'GET' || status === 202 ? 'debug' : 'info'
}
