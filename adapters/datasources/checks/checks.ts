/**
 * `http alert`: what the engine tries itself, now, for the slot that is now. Never answers for the past from the present, and calls only
 * addresses that the operator allows. Read next: http.ts, sockets.ts, dns.ts; adapters/http/guard.ts.
 */
import { type Datasource, type SlotReadings, SourceError, type SourceQuery } from '../../../activities/ports.ts'
import { assertNever } from '../../../core/assert.ts'
import type { ProbeQuery } from '../../../core/query/our-nodes.ts'
import { parseProbe } from '../../../core/query/probe-language.ts'
import type { HttpFetch } from '../../http/fetch.ts'
import type { Guard } from '../../http/guard.ts'
import { type DnsServers, tryDns } from './dns.ts'
import { tryHttp } from './http.ts'
import { measuredOf, type Outcome } from './outcome.ts'
import { tryTcp, tryTls } from './sockets.ts'

/** A check that takes longer has failed: who waits for a page has gone by then. */
const checkTimeoutMs = 5_000
/** Left of the evaluation's time when a check times out, so that the answer "failed" still counts. */
const answerTimeMs = 500
/** A slot this late is still now: the shortest time between two checks that people commonly ask for, halved. */
const lateMaxMs = 30_000

export type ChecksOptions = Readonly<{
  /** Goes through the same guard. */
  fetch: HttpFetch
  guard: Guard
  /** Tells how late a slot is, in epoch ms. */
  clock: () => number
  /** null or absent = those of the machine. */
  dnsServers?: DnsServers
}>

export function checksDatasource(options: ChecksOptions): Datasource {
  return {
    types: ['http alert'],
    query: async (source) => {
      const query = probeOf(source)
      const newest = source.slots.at(-1)
      if (newest === undefined) return []
      const past = source.slots.slice(0, -1).map(skip)
      if (options.clock() - newest > lateMaxMs) return [...past, skip(newest)]
      const timeoutMs = Math.max(1, Math.min(checkTimeoutMs, source.timeoutMs - answerTimeMs))
      const value = measuredOf(query, await attempt(options, query, timeoutMs))
      return [...past, { slot: newest, values: value === null ? {} : { '*': value } }]
    },
  }
}

function probeOf({ query }: SourceQuery): ProbeQuery {
  const parsed = parseProbe(query)
  if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
  return parsed.query
}

function skip(slot: number): SlotReadings {
  return { slot, values: {}, skipped: 'a check can only be made at the time of its slot' }
}

function attempt(
  { fetch, guard, clock, dnsServers = null }: ChecksOptions,
  { target, assertions }: ProbeQuery,
  timeoutMs: number,
): Promise<Outcome> {
  switch (target.kind) {
    case 'http':
      return tryHttp(fetch, target, assertions, timeoutMs)
    case 'tcp':
      return tryTcp(guard, target, timeoutMs)
    case 'tls':
      return tryTls(guard, target, timeoutMs, clock())
    case 'dns':
      return tryDns(target.name, target.record, timeoutMs, dnsServers)
    default:
      return assertNever(target)
  }
}
