import type { Figures } from '../benchmark.ts'
import { type CostModel, fitModel, isFittable, needOf } from './model.ts'
import { type Fleet, type FleetFigures, fleetsOf, intervalS, keyOf, type MeasuredFleet, measures, type ServerKind } from './plan.ts'

const sizes = [2_000, 10_000, 100_000, 1_000_000]

/** The measured part of docs/capacity.md, of the figures of one run. */
export function renderSection(figures: Figures): string[] {
  const fleets = fleetsOf(true).flatMap((fleet) => measuredOf(fleet, figures))
  return [...renderKind('dev', fleets), ...renderKind('real', fleets)]
}

const titles: Readonly<Record<ServerKind, string>> = {
  dev: 'On the Temporal dev server, in memory',
  real: 'On the Temporal server over PostgreSQL',
}

function renderKind(kind: ServerKind, all: readonly MeasuredFleet[]): string[] {
  const fleets = all.filter(({ server }) => server === kind)
  if (fleets.length === 0) return [`### ${titles[kind]}`, '', 'Not measured in this run.', '']
  const model = fitModel(fleets)
  return [
    `### ${titles[kind]}`,
    '',
    '| monitors | workers | lag p50 | p99 | highest | missed | evaluations a second | stretched | CPU, cores: workers | Temporal | its PostgreSQL | Tocsin’s PostgreSQL | memory of workers | of Temporal | in the model |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...fleets.map(fleetRow),
    '',
    ...(model === null ? ['Too few fleets were on schedule for a model.', ''] : modelLines(model)),
  ]
}

/** [] = it wasn't measured. */
function measuredOf(fleet: Fleet, figures: Figures): MeasuredFleet[] {
  const found: Partial<Record<keyof FleetFigures, number>> = {}
  for (const measure of measures) {
    const value = figures[keyOf(fleet, measure)]
    if (value === undefined) return []
    found[measure] = value
  }
  return isComplete(found) ? [{ ...fleet, ...found }] : []
}

function isComplete(found: Partial<FleetFigures>): found is FleetFigures {
  return measures.every((measure) => found[measure] !== undefined)
}

function fleetRow(fleet: MeasuredFleet): string {
  const cores = (cpuS: number): string => format(cpuS / fleet.windowS, 2)
  return row([
    format(fleet.monitors, 0),
    String(fleet.workers),
    ...[fleet.lagP50Ms, fleet.lagP99Ms, fleet.lagMaxMs].map((lag) => `${format(lag, 0)} ms`),
    format(fleet.missed, 0),
    format(fleet.evaluations / fleet.windowS, 0),
    fleet.stretchLevel === 0 ? 'no' : `level ${fleet.stretchLevel}`,
    ...[fleet.workersCpuS, fleet.temporalCpuS, fleet.temporalPostgresCpuS, fleet.postgresCpuS].map(cores),
    ...[fleet.workersBytes, fleet.temporalBytes].map((bytes) => `${format(bytes / 2 ** 20, 0)} MB`),
    isFittable(fleet) ? 'yes' : 'no',
  ])
}

function modelLines(model: CostModel): string[] {
  const { worker, temporal, temporalPostgres, postgres } = model
  return [
    'The model that fits them:',
    '',
    '| | workers | Temporal | its PostgreSQL | Tocsin’s PostgreSQL |',
    '|---|---|---|---|---|',
    row(['CPU per evaluation, ms', ...[worker, temporal, temporalPostgres, postgres].map((cost) => format(cost.msPerEvaluation, 2))]),
    row([
      'CPU per worker process, % of a core',
      ...[worker, temporal, temporalPostgres, postgres].map((cost) => format(cost.msPerWorkerSecond / 10, 1)),
    ]),
    '',
    `Memory: ${format(model.bytesPerMonitor / 1_000, 0)} KB per monitor and ${format(model.bytesPerWorker / 1_000_000, 0)} MB per worker process.`,
    '',
    'What follows, with cores that are filled to 60 %:',
    '',
    `| monitors at ${intervalS} s | evaluations a second | workers | cores: workers | Temporal | its PostgreSQL | Tocsin’s PostgreSQL | memory of workers | cells |`,
    '|---|---|---|---|---|---|---|---|---|',
    ...sizes.map((monitors) => needRow(model, monitors)),
    '',
  ]
}

function needRow(model: CostModel, monitors: number): string {
  const need = needOf(model, monitors, intervalS)
  return row([
    format(monitors, 0),
    format(need.evaluationsPerSecond, 0),
    format(need.workers, 0),
    ...[need.workerCores, need.temporalCores, need.temporalPostgresCores, need.postgresCores].map((cores) => format(cores, 1)),
    `${format(need.workerBytes / 2 ** 30, 1)} GB`,
    String(need.cells),
  ])
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function format(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
