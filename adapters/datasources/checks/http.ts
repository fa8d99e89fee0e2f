import { SourceError } from '../../../activities/ports.ts'
import type { Assertion, HttpTarget } from '../../../core/query/our-nodes.ts'
import type { HttpFetch, HttpReply } from '../../http/fetch.ts'
import type { Outcome } from './outcome.ts'
import { found } from './pattern.ts'

/** Where nobody looks into the body some of it is read, so that a connection can be used again. */
const glanceBytes = 16_384
/** A page that is looked into: texts that people look for stand in its first half megabyte. */
const bodyBytesMax = 512 * 1_024

/** Asks once; a redirect is an answer like any other. Rejects with a SourceError where the address may not be called. */
export async function tryHttp(fetch: HttpFetch, target: HttpTarget, assertions: readonly Assertion[], timeoutMs: number): Promise<Outcome> {
  const looksInside = assertions.some(({ measure }) => measure.kind === 'body')
  const reply = await fetch({
    url: target.url,
    method: target.method,
    headers: target.headers,
    ...(target.payload === null ? {} : { body: target.payload }),
    timeoutMs,
    maxBytes: looksInside ? bodyBytesMax : glanceBytes,
  })
  if (reply.kind === 'failed' && reply.code === 'forbidden') throw new SourceError('refused', reply.reason)
  return outcomeOf(reply)
}

/** What brought no answer has failed, and nothing else about it can be measured. */
function outcomeOf(reply: HttpReply): Outcome {
  return {
    value: (measure) => {
      if (measure.kind === 'failed') return reply.kind === 'failed' || reply.status >= 400 ? 1 : 0
      if (reply.kind === 'failed') return null
      switch (measure.kind) {
        case 'latency':
          return reply.durationMs / 1_000
        case 'status':
          return reply.status
        case 'body':
          return found(measure.pattern, reply.body) ? 1 : 0
        default:
          return null
      }
    },
  }
}
