/**
 * What an evaluation costs on each side, and what follows for a fleet of any size: fitted to measured fleets. Never measures.
 * Read next: ../scale.ts, section.ts.
 */
import type { MeasuredFleet } from './plan.ts'

/** CPU of a side = perEvaluation · evaluations + perWorker · workers · seconds: idle workers poll, and both servers answer them. */
export type Cost = Readonly<{ msPerEvaluation: number; msPerWorkerSecond: number }>

export type CostModel = Readonly<{
  worker: Cost
  temporal: Cost
  postgres: Cost
  /** All 0 for a Temporal server that keeps everything in memory. */
  temporalPostgres: Cost
  bytesPerMonitor: number
  bytesPerWorker: number
}>

/** Monitors that a worker's cache holds, with room for uneven shards: maxCachedWorkflows of temporal.config.ts, less a fifth. */
export const monitorsPerWorker = 2_400
/** How full cores may be: beyond this, lag grows faster than load, and nothing is left for a restart. */
export const utilisationMax = 0.6
/** More than one PostgreSQL server is commonly given, and less than the largest there are. */
export const databaseCoresMax = 32

/** Fleets whose costs are those of quiet monitors on schedule: others are replayed, batched, or wait for the machine. */
export function isFittable(fleet: MeasuredFleet): boolean {
  const isCached = fleet.monitors <= fleet.workers * monitorsPerWorker
  return isCached && fleet.missed <= fleet.monitors * 0.01
}

/** By least squares, over fleets of one kind of server. null = too few, or too alike to tell one cost from another. */
export function fitModel(fleets: readonly MeasuredFleet[]): CostModel | null {
  const fittable = fleets.filter(isFittable)
  const costOf = (cpuS: (fleet: MeasuredFleet) => number): Cost | null => {
    const fit = leastSquares(fittable.map((fleet) => ({ a: fleet.evaluations, b: fleet.workers * fleet.windowS, y: cpuS(fleet) * 1_000 })))
    return fit === null ? null : { msPerEvaluation: fit.a, msPerWorkerSecond: fit.b }
  }
  const worker = costOf(({ workersCpuS }) => workersCpuS)
  const temporal = costOf(({ temporalCpuS }) => temporalCpuS)
  const postgres = costOf(({ postgresCpuS }) => postgresCpuS)
  const temporalPostgres = costOf(({ temporalPostgresCpuS }) => temporalPostgresCpuS)
  const memory = leastSquares(fittable.map((fleet) => ({ a: fleet.monitors, b: fleet.workers, y: fleet.workersBytes })))
  if (worker === null || temporal === null || postgres === null || temporalPostgres === null || memory === null) return null
  return { worker, temporal, postgres, temporalPostgres, bytesPerMonitor: memory.a, bytesPerWorker: memory.b }
}

type Point = Readonly<{ a: number; b: number; y: number }>

/** The p and q, neither below 0, for which p·a + q·b comes closest to y. null = the points don't tell them apart. */
export function leastSquares(points: readonly Point[]): Readonly<{ a: number; b: number }> | null {
  const sum = (of: (point: Point) => number): number => points.reduce((total, point) => total + of(point), 0)
  const [aa, ab, bb] = [sum(({ a }) => a * a), sum(({ a, b }) => a * b), sum(({ b }) => b * b)]
  const [ay, by] = [sum(({ a, y }) => a * y), sum(({ b, y }) => b * y)]
  const determinant = aa * bb - ab * ab
  // Relative to its terms: points that are multiples of one another leave nothing but rounding.
  if (!(determinant > 1e-3 * aa * bb)) return null
  const [p, q] = [(ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant]
  if (q < 0) return { a: ay / aa, b: 0 }
  return p < 0 ? { a: 0, b: by / bb } : { a: p, b: q }
}

export type Need = Readonly<{
  evaluationsPerSecond: number
  workers: number
  workerCores: number
  workerBytes: number
  temporalCores: number
  temporalPostgresCores: number
  postgresCores: number
  /** So many Temporal clusters that none needs a larger PostgreSQL than `databaseCoresMax`. */
  cells: number
}>

/** What `monitors` at an interval of `intervalS` need, with cores no fuller than `utilisationMax`. */
export function needOf(model: CostModel, monitors: number, intervalS: number): Need {
  const evaluationsPerSecond = monitors / intervalS
  // Two, so that one may die.
  const workers = Math.max(2, Math.ceil(monitors / monitorsPerWorker))
  const cores = (cost: Cost): number =>
    (evaluationsPerSecond * cost.msPerEvaluation + workers * cost.msPerWorkerSecond) / 1_000 / utilisationMax
  const temporalPostgresCores = cores(model.temporalPostgres)
  return {
    evaluationsPerSecond,
    workers,
    workerCores: cores(model.worker),
    workerBytes: monitors * model.bytesPerMonitor + workers * model.bytesPerWorker,
    temporalCores: cores(model.temporal),
    temporalPostgresCores,
    postgresCores: cores(model.postgres),
    cells: Math.max(1, Math.ceil(temporalPostgresCores / databaseCoresMax)),
  }
}
