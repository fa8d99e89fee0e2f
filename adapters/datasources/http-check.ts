/**
 * HTTP checks: asks a URL now and answers for the slot that is now. Never answers for the past from the present.
 * Read next: adapters/http/fetch.ts.
 */
import { type Datasource, type SlotReadings, SourceError, type SourceQuery } from '../../activities/ports.ts'
import type { HttpQuery } from '../../core/query/nodes.ts'
import { parseQuery } from '../../core/query/parse.ts'
import type { HttpFetch, HttpReply } from '../http/fetch.ts'

/** A check that takes longer has failed: who waits for a page has gone by then. */
const checkTimeoutMs = 5_000
/** Left of the evaluation's time when a check times out, so that the answer "failed" still counts. */
const answerTimeMs = 500
/** A slot this late is still now: the shortest time between two checks that people commonly ask for, halved. */
const lateMaxMs = 30_000
/** The body is of no interest; some of it is read so that a connection can be used again. */
const bodyMaxBytes = 16_384

/** `clock` tells how late a slot is, in epoch ms. */
export function httpCheckDatasource(fetch: HttpFetch, clock: () => number = Date.now): Datasource {
  return {
    types: ['http alert'],
    query: async (source) => {
      const query = httpOf(source)
      const newest = source.slots.at(-1)
      if (newest === undefined) return []
      const past = source.slots.slice(0, -1).map(skip)
      return [...past, clock() - newest > lateMaxMs ? skip(newest) : { slot: newest, values: await check(fetch, query, source.timeoutMs) }]
    },
  }
}

function httpOf(source: SourceQuery): HttpQuery {
  const parsed = parseQuery(source.type, source.query)
  if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
  if (parsed.query.kind !== 'http') throw new SourceError('bad-query', `a query of the kind ${parsed.query.kind} is not an HTTP check`)
  return parsed.query
}

function skip(slot: number): SlotReadings {
  return { slot, values: {}, skipped: 'a check can only be made at the time of its slot' }
}

async function check(fetch: HttpFetch, query: HttpQuery, timeoutMs: number): Promise<Record<string, number>> {
  const reply = await fetch({
    url: query.url,
    method: query.method,
    timeoutMs: Math.max(1, Math.min(checkTimeoutMs, timeoutMs - answerTimeMs)),
    maxBytes: bodyMaxBytes,
  })
  const value = measure(query, reply)
  return value === null ? {} : { '*': value }
}

/** null = there is nothing to measure: no answer has neither a status nor a latency. */
function measure(query: HttpQuery, reply: HttpReply): number | null {
  const failed = reply.kind === 'failed'
  switch (query.measure) {
    case 'failed':
      return failed || reply.status >= 400 ? 1 : 0
    case 'status':
      return failed ? null : reply.status
    case 'latency':
      return failed ? null : reply.durationMs / 1_000
  }
}
