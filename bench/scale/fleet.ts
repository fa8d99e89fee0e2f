/**
 * One fleet, measured: the real worker processes over metrics of the intake. Nothing is in memory that isn't in production. A fleet that
 * is too large for the machine is measured, too: its figures say so. Read next: site.ts, model.ts, ../scale.ts.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { end } from '../../cli/up/processes.ts'
import { recordOf } from '../../cli/up/run-files.ts'
import { startWorkerProcess, type WorkerProcess } from '../../test/support/worker-process.ts'
import { cpuMs, residentBytes } from '../loop/proc.ts'
import { type Fleet, type FleetFigures, intervalS, type MeasuredFleet } from './plan.ts'
import { growTo } from './population.ts'
import type { Site } from './site.ts'

/** Each monitor is measured once. */
const windowMs = intervalS * 1_000
/** Evaluations are written down a second or two later; what comes still later was missed. */
const writtenMs = 5_000
/** Two intervals, and the reconciler's starts at half their pace. What isn't on schedule by then won't be. */
const settleMaxMs = (started: number): number => 2 * windowMs + started * 10

export async function measureFleet(site: Site, fleet: Fleet, say: (line: string) => void): Promise<MeasuredFleet> {
  const before = await one<{ count: number }>(site.pool, 'select count(*)::int as count from monitors')
  await growTo(site.pool, fleet.monitors)
  const workers: WorkerProcess[] = []
  const lastResort = (): void => {
    for (const { child } of workers) child.kill('SIGKILL')
  }
  process.once('exit', lastResort)
  try {
    const environment = { DATABASE_URL: site.databaseUrl, TEMPORAL_ADDRESS: site.temporalAddress, LOG_LEVEL: 'warn' }
    for (let count = 0; count < fleet.workers; count += 1) workers.push(await startWorkerProcess(environment))
    const settledInS = await settle(site.pool, fleet, workers, settleMaxMs(fleet.monitors - before.count))
    say(`measuring for ${windowMs / 1_000} s after ${settledInS.toFixed(0)} s`)
    const figures = { ...fleet, ...(await measureWindow(site, fleet, workers)), settledInS }
    say(`lag p99 ${figures.lagP99Ms.toFixed(0)} ms, ${figures.missed} missed`)
    return figures
  } finally {
    process.off('exit', lastResort)
    await Promise.all(workers.map(endWorker))
  }
}

/** Until each monitor was evaluated by these workers, so that all are cached and at their slots. Seconds that it took. */
async function settle(pool: Pool, { monitors }: Fleet, workers: readonly WorkerProcess[], maxMs: number): Promise<number> {
  const [from, startedAt] = [Date.now(), performance.now()]
  for (;;) {
    const { seen } = await one<{ seen: number }>(
      pool,
      `select count(distinct monitor_id)::int as seen from evaluations where at_ms >= ${from}`,
    )
    const elapsedMs = performance.now() - startedAt
    if (seen >= monitors || elapsedMs > maxMs) return elapsedMs / 1_000
    const dead = workers.find(({ child }) => child.exitCode !== null)
    if (dead !== undefined) throw new Error(`a worker ended by itself: ${dead.output().slice(-500)}`)
    await delay(1_000)
  }
}

async function measureWindow(site: Site, fleet: Fleet, workers: readonly WorkerProcess[]): Promise<Omit<FleetFigures, 'settledInS'>> {
  const pids = workers.map(({ child }) => child.pid ?? 0)
  const cpu = () => ({ ...site.cpu(), workers: pids.reduce((sum, pid) => sum + cpuMs(pid), 0) })
  const [from, before] = [Date.now(), cpu()]
  await delay(windowMs)
  const [to, after] = [Date.now(), cpu()]
  const stretchLevels = await Promise.all(workers.map(stretchLevelOf))
  const workersBytes = pids.reduce((sum, pid) => sum + residentBytes(pid), 0)
  await delay(writtenMs)
  const lags = await one<Readonly<{ evaluations: number; p50: number | null; p99: number | null; max: number | null }>>(
    site.pool,
    `select count(*)::int as evaluations, percentile_disc(0.5) within group (order by at_ms - slot)::float8 as p50,
       percentile_disc(0.99) within group (order by at_ms - slot)::float8 as p99, max(at_ms - slot)::float8 as max
     from evaluations where slot >= ${from} and slot < ${from + windowMs} and outcome in ('evaluated', 'caught-up')`,
  )
  const done = await one<{ count: number }>(
    site.pool,
    `select count(*)::int as count from evaluations where at_ms >= ${from} and at_ms < ${to}`,
  )
  return {
    evaluations: done.count,
    windowS: (to - from) / 1_000,
    workersCpuS: (after.workers - before.workers) / 1_000,
    temporalCpuS: (after.temporal - before.temporal) / 1_000,
    postgresCpuS: (after.postgres - before.postgres) / 1_000,
    temporalPostgresCpuS: (after.temporalPostgres - before.temporalPostgres) / 1_000,
    workersBytes,
    temporalBytes: site.temporalBytes(),
    // Nothing at all within the window: later than can be said.
    lagP50Ms: lags.p50 ?? windowMs,
    lagP99Ms: lags.p99 ?? windowMs,
    lagMaxMs: lags.max ?? windowMs,
    missed: Math.max(0, fleet.monitors - lags.evaluations),
    stretchLevel: Math.max(...stretchLevels),
  }
}

/** 0 where the worker says nothing of it. */
async function stretchLevelOf({ url }: WorkerProcess): Promise<number> {
  const text = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) }).then(
    (response) => response.text(),
    () => '',
  )
  return Number(/^tocsin_stretch_level(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1] ?? 0)
}

async function endWorker({ child }: WorkerProcess): Promise<void> {
  const record = child.pid === undefined ? null : recordOf(child.pid)
  // It lets what it has begun end for 20 s at most.
  if (record !== null) await end(record, 'SIGTERM', 25_000)
}

async function one<Row extends object>(pool: Pool, text: string): Promise<Row> {
  const { rows } = await pool.query<Row>(text)
  const [row] = rows
  if (row === undefined) throw new Error(`no row: ${text}`)
  return row
}
