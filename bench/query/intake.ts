/**
 * Points and log entries over HTTP into PostgreSQL, and a question about them. Server, API and client share the machine.
 * Read next: api/routes/intake.ts, adapters/datasources/intake/series-sql.ts.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import express from 'express'
import { metricDatasource } from '../../activities/metric-source.ts'
import { windowStart } from '../../adapters/datasources/calendar.ts'
import { intakeSeries } from '../../adapters/datasources/intake/series.ts'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { jsonBody } from '../../api/middleware/body.ts'
import { intakeRoutes } from '../../api/routes/intake.ts'
import { pushBytesMax } from '../../contract/bounds.ts'
import { utcStarts } from '../../core/monitor/spec.ts'
import type { Figures } from '../benchmark.ts'
import { withPostgres } from '../postgres.ts'
import type { FigureGroup } from './query.ts'

const hosts = 1_000
/** A body of 1,000 series with ten points each is about a megabyte. */
const pointsPerPush = 10
const pushes = 20
const logsPerPush = 1_000
/** Of several rounds the median counts; the first ones are for caches. */
const rounds = 15
const warmUps = 5

export const feeding: FigureGroup = {
  about:
    `Feeding: ${pushes} pushes of ${hosts} known series × ${pointsPerPush} points to the real route over HTTP, one after the other, each stored and safe before the next; ` +
    `the same with ${logsPerPush} log entries a push. Asking: a 5-minute average by host over ${hosts} hosts × 30 points, from the text of the query to the value of each group. ` +
    `PostgreSQL, API and client share the machine. Median of ${rounds} questions after ${warmUps} to warm up.`,
  figures: [
    { key: 'pointsPerSecond', label: 'points taken and stored per second', digits: 0, goal: { atLeast: 20_000 } },
    { key: 'logsPerSecond', label: 'log entries taken and stored per second', digits: 0 },
    { key: 'hostAverageMs', label: `5-minute average by host, ${hosts} hosts × 30 points, ms`, digits: 1, goal: { atMost: 50 } },
  ],
  measure: async (say) => {
    return withPostgres(async (pool) => {
      const fed = await feed(pool, say)
      return { ...fed, hostAverageMs: await ask(pool, say) }
    })
  },
}

async function feed(pool: Pool, say: (line: string) => void): Promise<Figures> {
  const app = express()
  app.use(jsonBody(pushBytesMax), intakeRoutes({ pool, clock: Date.now }))
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  try {
    const endS = Math.floor(Date.now() / 1_000)
    // Series and the day's partition are made by the first push, which isn't counted.
    const bodies = Array.from({ length: pushes + 1 }, (_, push) =>
      JSON.stringify({ series: seriesEnding(endS - push * pointsPerPush * 10) }),
    )
    say(`feeding ${pushes * hosts * pointsPerPush} points`)
    const pointSeconds = await push(`${url}/api/v2/series`, bodies)
    say(`feeding ${pushes * logsPerPush} log entries`)
    const entries = Array.from({ length: pushes + 1 }, (_, number) => JSON.stringify(logEntries(number, endS)))
    const logSeconds = await push(`${url}/api/v2/logs`, entries)
    return { pointsPerSecond: (pushes * hosts * pointsPerPush) / pointSeconds, logsPerSecond: (pushes * logsPerPush) / logSeconds }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Seconds that all but the first took. */
async function push(url: string, bodies: readonly string[]): Promise<number> {
  let before = performance.now()
  for (const [index, body] of bodies.entries()) {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    if (response.status !== 202) throw new Error(`a push was answered with ${response.status}: ${await response.text()}`)
    if (index === 0) before = performance.now()
  }
  return (performance.now() - before) / 1_000
}

function seriesEnding(endS: number): object[] {
  return Array.from({ length: hosts }, (_, host) => ({
    metric: 'system.cpu.user',
    type: 3,
    interval: 10,
    points: Array.from({ length: pointsPerPush }, (_, index) => ({ timestamp: endS - index * 10, value: (host + index) % 100 })),
    resources: [{ type: 'host', name: `web-${host}` }],
    tags: ['env:prod', `service:s${host % 20}`],
  }))
}

function logEntries(push: number, endS: number): object[] {
  return Array.from({ length: logsPerPush }, (_, index) => ({
    ddsource: 'nginx',
    ddtags: 'env:prod,team:shop',
    service: `s${index % 20}`,
    hostname: `web-${index % hosts}`,
    message: `GET /items/${push * logsPerPush + index} 200`,
    timestamp: (endS - (index % 600)) * 1_000,
    http: { status: index % 50 === 0 ? 500 : 200, duration: index % 97 },
  }))
}

async function ask(pool: Pool, say: (line: string) => void): Promise<number> {
  say(`asking for an average by host of ${hosts} hosts`)
  await pool.query('analyze series, points')
  const { rows } = await pool.query<{ newest: number }>('select max(at_ms) as newest from points')
  const source = metricDatasource(intakeSeries(pool), windowStart)
  const question = {
    type: 'query alert',
    query: 'avg(last_5m):avg:system.cpu.user{*} by {host} > 90',
    slots: [rows[0]?.newest ?? 0],
    delayMs: 0,
    calendar: utcStarts,
    requireFullWindow: false,
    groupsMax: 20_000,
    timeoutMs: 10_000,
  }
  const took: number[] = []
  for (let round = -warmUps; round < rounds; round += 1) {
    const before = performance.now()
    const [reading] = await source.query(question)
    if (Object.keys(reading?.values ?? {}).length !== hosts) throw new Error('some hosts have no value')
    if (round >= 0) took.push(performance.now() - before)
  }
  took.sort((left, right) => left - right)
  return took[Math.floor(rounds / 2)] ?? Number.NaN
}
