/**
 * The monitor loop against a bare timer loop, each on a dev server and a worker process of its own: what the engine itself
 * costs. The workflows, activities and Workers are the real ones; store and source are in memory, so PostgreSQL is left out.
 * Read next: throughput.ts, steady.ts, worker.ts.
 */
import type { Benchmark, Figures } from '../benchmark.ts'
import { loopWorkflows, withBundle } from '../bundle.ts'
import { measureSteady } from './steady.ts'
import { measureThroughput, type Throughput } from './throughput.ts'

export const loop: Benchmark = {
  name: 'loop',
  about:
    'The real monitor workflow with the real evaluate activity over a store and a source in memory (no PostgreSQL), against a bare loop: a timer and a local activity ' +
    'that does nothing, continued as new just as often. Rates: 500 of either, one a second each, which saturates two cores; server, worker and measurement share the machine. An evaluation is ' +
    'one call of the activity; where the machine is behind, one call deals with all slots that are due. Lag and memory: 2,000 quiet monitors at 60 s, over two intervals once all are on schedule; memory is resident and measured after a full collection, less that of the worker before they came. ' +
    'Events and bytes: whole runs of quiet monitors, their continue-as-new included.',
  figures: [
    { key: 'evaluationsPerSecond', label: 'evaluations a second', digits: 0 },
    { key: 'bareEvaluationsPerSecond', label: 'rounds of the bare loop a second', digits: 0 },
    { key: 'ratio', label: 'ratio of the two', digits: 2, goal: { atLeast: 0.75 } },
    { key: 'cpuRatio', label: 'the same by CPU time per evaluation', digits: 2 },
    { key: 'othersCpuShare', label: 'CPU that other processes took meanwhile, share', digits: 2 },
    { key: 'bareOthersCpuShare', label: 'the same while the bare loop ran', digits: 2 },
    { key: 'slotsPerSecond', label: 'slots a second, caught up ones included', digits: 0 },
    { key: 'serverCpuMsPerEvaluation', label: 'CPU of the server per evaluation, ms', digits: 2 },
    { key: 'workerCpuMsPerEvaluation', label: 'CPU of the worker per evaluation, ms', digits: 2 },
    { key: 'bareServerCpuMsPerEvaluation', label: 'the same of the bare loop: server, ms', digits: 2 },
    { key: 'bareWorkerCpuMsPerEvaluation', label: 'the same of the bare loop: worker, ms', digits: 2 },
    { key: 'eventsPerEvaluation', label: 'history events per quiet evaluation', digits: 2, goal: { atMost: 7 } },
    { key: 'bytesPerEvaluation', label: 'history bytes per quiet evaluation', digits: 0, goal: { atMost: 1_200 } },
    { key: 'lagP50Ms', label: 'lag of 2,000 monitors at 60 s, p50, ms', digits: 0 },
    { key: 'lagP99Ms', label: 'lag of 2,000 monitors at 60 s, p99, ms', digits: 0 },
    { key: 'lagMaxMs', label: 'lag of 2,000 monitors at 60 s, highest, ms', digits: 0 },
    { key: 'bytesPerCachedMonitor', label: 'worker memory per cached monitor, bytes', digits: 0, goal: { atMost: 500_000 } },
    { key: 'uncollectedBytesPerMonitor', label: 'the same, garbage and slack included', digits: 0 },
  ],
  run,
}

async function run(say: (line: string) => void): Promise<Figures> {
  return withBundle(async (codePath) => {
    say('the bare loop, saturated')
    const bare = await measureThroughput('bare', codePath, say)
    say(`${bare.perSecond.toFixed(0)}/s; the monitor loop, saturated`)
    const monitor = await measureThroughput('monitor', codePath, say)
    say(`${monitor.perSecond.toFixed(0)}/s; a fleet on schedule`)
    const steady = await measureSteady(codePath, say)
    return { ...rates(monitor, bare), ...steady }
  }, loopWorkflows)
}

function rates(monitor: Throughput, bare: Throughput): Figures {
  return {
    evaluationsPerSecond: monitor.perSecond,
    bareEvaluationsPerSecond: bare.perSecond,
    ratio: monitor.perSecond / bare.perSecond,
    cpuRatio: (bare.serverMs + bare.workerMs) / (monitor.serverMs + monitor.workerMs),
    othersCpuShare: monitor.othersShare,
    bareOthersCpuShare: bare.othersShare,
    slotsPerSecond: monitor.slotsPerSecond,
    serverCpuMsPerEvaluation: monitor.serverMs,
    workerCpuMsPerEvaluation: monitor.workerMs,
    bareServerCpuMsPerEvaluation: bare.serverMs,
    bareWorkerCpuMsPerEvaluation: bare.workerMs,
  }
}
