import { Resolver } from 'node:dns/promises'
import { assertNever } from '../../../core/assert.ts'
import type { DnsRecord } from '../../../core/query/our-nodes.ts'
import type { Outcome } from './outcome.ts'

/** Where to ask; for tests. */
export type DnsServers = readonly string[] | null

/** Asks the machine's own resolvers. failed: no such name, no such record, or no answer. */
export async function tryDns(name: string, record: DnsRecord, timeoutMs: number, servers: DnsServers = null): Promise<Outcome> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  if (servers !== null) resolver.setServers(servers)
  const timer = setTimeout(() => resolver.cancel(), timeoutMs)
  const startedAt = performance.now()
  const answers = await answersOf(resolver, name, record).catch(() => null)
  clearTimeout(timer)
  const durationMs = performance.now() - startedAt
  return {
    value: (measure) => {
      if (measure.kind === 'failed') return answers === null ? 1 : 0
      if (measure.kind === 'latency') return answers === null ? null : durationMs / 1_000
      if (measure.kind !== 'answers') return null
      return (answers ?? []).filter((text) => measure.value === null || text.toLowerCase() === measure.value.toLowerCase()).length
    },
  }
}

/** Each record as one text. */
async function answersOf(resolver: Resolver, name: string, record: DnsRecord): Promise<readonly string[]> {
  switch (record) {
    case 'A':
      return resolver.resolve4(name)
    case 'AAAA':
      return resolver.resolve6(name)
    case 'CNAME':
      return resolver.resolveCname(name)
    case 'NS':
      return resolver.resolveNs(name)
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`)
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
    default:
      return assertNever(record)
  }
}
