/**
 * Monitors of very many groups through the real workflow and worker: what 1 % of them changing per slot costs, in history and CPU,
 * and that quiet slots cost the same however many groups there are. Read next: measure.ts, source.ts.
 */
import type { Benchmark, Figures } from '../benchmark.ts'
import { withBundle } from '../bundle.ts'
import { type BenchServer, startServer } from '../loop/server.ts'
import { measureQuiet, measureWholeRun } from './measure.ts'
import { busy, quiet } from './source.ts'

export const groups: Benchmark = {
  name: 'groups',
  about:
    'Four such monitors (of 20,000 groups two) in a worker process of their own on a dev server, each evaluated every second; keys are 40 B long, and 1 % of the groups change their level at each slot: half get worse, half recover, ' +
    '5 % are bad at any time, and every slot tells somebody. Bytes and CPU are those of a whole run, its continue-as-new and its notifications included; CPU is that of the whole worker process, its garbage collection included. Source and store are scripted and in memory, ' +
    'so PostgreSQL is left out. A quiet evaluation: ten of a monitor in which nothing changes.',
  figures: [
    { key: 'historyBytesPerEvaluation', label: '10,000 groups: history bytes per evaluation', digits: 0, goal: { atMost: 12_000 } },
    { key: 'evaluationCpuMs', label: '10,000 groups: worker CPU per evaluation, ms', digits: 1, goal: { atMost: 60 } },
    { key: 'snapshotBytes', label: '10,000 groups: snapshot at continue-as-new, bytes', digits: 0, goal: { atMost: 1_000_000 } },
    { key: 'evaluationsPerRun', label: '10,000 groups: evaluations per run', digits: 0 },
    { key: 'quietBytes10', label: '10 groups: history bytes of a quiet evaluation', digits: 0 },
    { key: 'quietBytes10000', label: '10,000 groups: history bytes of a quiet evaluation', digits: 0 },
    { key: 'historyBytesPerEvaluation20000', label: '20,000 groups: history bytes per evaluation', digits: 0 },
    { key: 'evaluationCpuMs20000', label: '20,000 groups: worker CPU per evaluation, ms', digits: 1 },
    { key: 'snapshotBytes20000', label: '20,000 groups: snapshot at continue-as-new, bytes', digits: 0 },
  ],
  run,
}

async function run(say: (line: string) => void): Promise<Figures> {
  return withBundle(async (codePath) => {
    const server = await startServer(say)
    try {
      return await measureAll(server, codePath, say)
    } finally {
      await server.stop()
    }
  })
}

async function measureAll(server: BenchServer, codePath: string, say: (line: string) => void): Promise<Figures> {
  const quietBytes10 = await measureQuiet(server, codePath, 1, quiet(10))
  const quietBytes10000 = await measureQuiet(server, codePath, 2, quiet(10_000))
  say(
    `a quiet evaluation takes ${quietBytes10.toFixed(0)} B with 10 groups, ${quietBytes10000.toFixed(0)} B with 10,000; 10,000 busy groups`,
  )
  const large = await measureWholeRun(server, codePath, [3, 4, 5, 6], busy(10_000))
  say(`${large.historyBytesPerEvaluation.toFixed(0)} B and ${large.workerCpuMsPerEvaluation.toFixed(1)} ms per evaluation; 20,000`)
  const largest = await measureWholeRun(server, codePath, [7, 8], busy(20_000))
  return {
    historyBytesPerEvaluation: large.historyBytesPerEvaluation,
    evaluationCpuMs: large.workerCpuMsPerEvaluation,
    snapshotBytes: large.snapshotBytes,
    evaluationsPerRun: large.evaluations,
    quietBytes10,
    quietBytes10000,
    historyBytesPerEvaluation20000: largest.historyBytesPerEvaluation,
    evaluationCpuMs20000: largest.workerCpuMsPerEvaluation,
    snapshotBytes20000: largest.snapshotBytes,
  }
}
