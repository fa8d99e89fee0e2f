/**
 * Fleets of real worker processes on this machine: how late they are, what they cost on each side, and the model that fits them. The
 * figures of all fleets go into docs/capacity.md (`npm run bench -- scale --full --write`). Read next: scale/fleet.ts, scale/model.ts.
 */
import type { Benchmark, Figures } from './benchmark.ts'
import { measureFleet } from './scale/fleet.ts'
import { type Fleet, fleetsOf, keyOf, type MeasuredFleet, measures, type ServerKind } from './scale/plan.ts'
import { renderSection } from './scale/section.ts'
import { whyNot, withSite } from './scale/site.ts'

const shown: readonly Fleet[] = [
  { server: 'dev', monitors: 2_000, workers: 1 },
  { server: 'dev', monitors: 2_000, workers: 4 },
]

export const scale: Benchmark = {
  name: 'scale',
  about:
    'Real worker processes over the intake, each side in processes of its own on one machine: 2,000 quiet monitors at 60 s on the Temporal dev server, measured for one interval once all are on schedule. ' +
    'Lag: from the slot to the start of its evaluation. CPU: of that interval, shared out over its evaluations. Other fleets, the real Temporal server and the model that fits them: docs/capacity.md.',
  figures: shown.flatMap((fleet) => [
    { key: keyOf(fleet, 'lagP50Ms'), label: `${fleet.workers} workers: lag p50, ms`, digits: 0 },
    { key: keyOf(fleet, 'lagP99Ms'), label: `${fleet.workers} workers: lag p99, ms`, digits: 0 },
    { key: keyOf(fleet, 'workersCpuS'), label: `${fleet.workers} workers: their CPU, s`, digits: 1 },
    { key: keyOf(fleet, 'temporalCpuS'), label: `${fleet.workers} workers: CPU of Temporal, s`, digits: 1 },
    { key: keyOf(fleet, 'postgresCpuS'), label: `${fleet.workers} workers: CPU of PostgreSQL, s`, digits: 1 },
  ]),
  run,
  section: { file: 'docs/capacity.md', render: renderSection },
}

async function run(say: (line: string) => void, { full }: Readonly<{ full: boolean }>): Promise<Figures> {
  const measured: MeasuredFleet[] = []
  for (const server of ['dev', 'real'] as const) {
    const reason = whyNot(server)
    if (reason === null) measured.push(...(await measureFleets(server, full, say)))
    else say(`left out: ${reason}`)
  }
  return Object.fromEntries(measured.flatMap((fleet) => measures.map((measure) => [keyOf(fleet, measure), fleet[measure]])))
}

async function measureFleets(server: ServerKind, full: boolean, say: (line: string) => void): Promise<MeasuredFleet[]> {
  const measured: MeasuredFleet[] = []
  await withSite(server, say, async (site) => {
    for (const fleet of fleetsOf(full).filter((one) => one.server === server)) {
      const name = `${server}, ${fleet.monitors} monitors, ${fleet.workers} workers`
      measured.push(await measureFleet(site, fleet, (line) => say(`${name}: ${line}`)))
    }
  })
  return measured
}
