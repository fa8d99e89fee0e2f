/**
 * How long requests take with 50,000 monitors stored: the real app in a process of its own, asked at a fixed rate over HTTP.
 * Never a figure of the engine: no monitor runs. Read next: server.ts, load.ts, monitors.ts.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { seedKeys } from '../../adapters/postgres/queries/keys.ts'
import type { Benchmark, Figures } from '../benchmark.ts'
import { quantile } from '../loop/samples.ts'
import { withPostgres } from '../postgres.ts'
import { askAtRate } from './load.ts'
import { groupsOfLargest, largestMonitor, monitorsStored, storeMonitors } from './monitors.ts'

const keys = { apiKey: 'api-key-of-the-benchmark', appKey: 'application-key-of-the-benchmark' } as const
/** Of all operations together, each in its turn. */
const perSecond = 50
/** For caches and the just-in-time compiler; not counted. */
const warmUpS = 10
/** 500 requests of each operation: a p99 stands on five. */
const measuredS = 40

const definition = (number: number): object => ({
  type: 'query alert',
  name: `Made by the benchmark ${number}`,
  query: `avg(last_5m):avg:system.load.1{env:prod,host:new-${number}} by {disk} > 4`,
  message: 'What to do @team-1',
  tags: ['env:prod', 'team:t1'],
})

/** What people look for: one service with its hundred monitors, now and then a team's 1,250, or everything. */
function searched(number: number): string {
  const turn = Math.trunc(number / 4)
  if (turn % 20 === 0) return ''
  return turn % 4 === 0 ? `team:t${turn % 40}` : `tag:"service:s${turn % 500}"`
}

/** The n-th request of an operation; none is like the one before it. */
const operations = {
  list: (number: number) => ['GET', `/api/v1/monitor?page=${number % 500}&page_size=100`] as const,
  search: (number: number) => ['GET', `/api/v1/monitor/search?query=${encodeURIComponent(searched(number))}`] as const,
  get: () => ['GET', `/api/v1/monitor/${largestMonitor}?group_states=all`] as const,
  create: (number: number) => ['POST', '/api/v1/monitor', definition(number)] as const,
} as const
type Operation = keyof typeof operations
const names: readonly Operation[] = ['list', 'search', 'get', 'create']
const labels: Readonly<Record<Operation, string>> = {
  list: 'a page of 100 monitors',
  search: 'search with facets',
  get: `a monitor with ${groupsOfLargest} groups`,
  create: 'create',
}
const goals: Readonly<Record<Operation, number>> = { list: 100, search: 150, get: 100, create: 150 }

export const api: Benchmark = {
  name: 'api',
  about:
    `${monitorsStored} monitors stored, ten groups each, one with ${groupsOfLargest}; an embedded PostgreSQL, the app in a process of its own, and the client share the machine. ` +
    `${perSecond} requests a second for ${measuredS} s after ${warmUpS} s to warm up, each operation in its turn, whether the one before has been answered or not; a time counts from when the request was due. ` +
    'Monitors are created in PostgreSQL and started nowhere.',
  figures: [
    ...names.flatMap((name) => [
      { key: `${name}P50Ms`, label: `${labels[name]}, p50, ms`, digits: 1 },
      { key: `${name}P99Ms`, label: `${labels[name]}, p99, ms`, digits: 1, goal: { atMost: goals[name] } },
    ]),
    { key: 'searchAllP50Ms', label: 'search without a condition, alone, p50, ms', digits: 1 },
  ],
  run,
}

async function run(say: (line: string) => void): Promise<Figures> {
  return withPostgres(async (pool, url) => {
    say(`storing ${monitorsStored} monitors`)
    await storeMonitors(pool)
    await seedKeys(pool, keys)
    const server = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [url])
    try {
      const ask = requester(await addressOf(server))
      say('warming up')
      await askAtRate(perSecond, warmUpS, requestsFrom(0), ask)
      say(`measuring, ${perSecond} requests a second`)
      const times = await askAtRate(perSecond, measuredS, requestsFrom(warmUpS * perSecond), ask)
      const all = await askAtRate(1, 10, () => ({ name: 'searchAll', request: ['GET', '/api/v1/monitor/search'] as const }), ask)
      return {
        ...Object.fromEntries(
          names.flatMap((name) => [
            [`${name}P50Ms`, quantile(times.get(name) ?? [], 0.5)],
            [`${name}P99Ms`, quantile(times.get(name) ?? [], 0.99)],
          ]),
        ),
        searchAllP50Ms: quantile(all.get('searchAll') ?? [], 0.5),
      }
    } finally {
      server.kill()
    }
  })
}

type Request = readonly [method: string, path: string, body?: object]

function requestsFrom(first: number): (index: number) => Readonly<{ name: Operation; request: Request }> {
  return (index) => {
    const name = names[index % names.length] ?? 'list'
    return { name, request: operations[name](first + index) }
  }
}

function requester(address: string): (request: Request) => Promise<void> {
  const headers = { 'dd-api-key': keys.apiKey, 'dd-application-key': keys.appKey, 'content-type': 'application/json' }
  return async ([method, path, body]) => {
    const response = await fetch(`${address}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 500)}`)
  }
}

async function addressOf(server: ChildProcess): Promise<string> {
  const [message] = await once(server, 'message')
  return z.object({ address: z.string() }).parse(message).address
}
