/** Fleets to be measured, and the names of their figures. Read next: site.ts, ../scale.ts. */

/** Which Temporal server: the dev server in memory, or the real one over PostgreSQL. */
export type ServerKind = 'dev' | 'real'

export type Fleet = Readonly<{ server: ServerKind; monitors: number; workers: number }>

export const intervalS = 60

/** What fits some eleven minutes. */
const shortFleets: readonly Fleet[] = [
  { server: 'dev', monitors: 2_000, workers: 1 },
  { server: 'dev', monitors: 2_000, workers: 4 },
  { server: 'real', monitors: 2_000, workers: 1 },
  { server: 'real', monitors: 2_000, workers: 4 },
]

const kinds: readonly ServerKind[] = ['dev', 'real']
const fullFleets: readonly Fleet[] = kinds.flatMap((server) =>
  [2_000, 10_000].flatMap((monitors) => [1, 2, 4].map((workers) => ({ server, monitors, workers }))),
)

/** In the order in which they are measured: the monitors of a server only become more. */
export function fleetsOf(full: boolean): readonly Fleet[] {
  return full ? fullFleets : shortFleets
}

/** What is measured of each fleet. */
export const measures = [
  'evaluations',
  'windowS',
  'lagP50Ms',
  'lagP99Ms',
  'lagMaxMs',
  'missed',
  'stretchLevel',
  'workersCpuS',
  'temporalCpuS',
  'postgresCpuS',
  'temporalPostgresCpuS',
  'workersBytes',
  'temporalBytes',
  'settledInS',
] as const
export type Measure = (typeof measures)[number]
export type FleetFigures = Readonly<Record<Measure, number>>
export type MeasuredFleet = Fleet & FleetFigures

export const keyOf = ({ server, monitors, workers }: Fleet, measure: Measure): string => `${server}.${monitors}x${workers}.${measure}`
