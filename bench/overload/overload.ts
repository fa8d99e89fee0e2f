/**
 * Three times as many monitors as the machine can evaluate: whether P1 stays on time when the others are stretched, and how late it is when
 * they aren't. What the machine can do is measured first, by the same monitors. Read next: core/schedule/stretch.ts, worker.ts.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startOptions } from '../../adapters/temporal/start-options.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import type { Benchmark, Figures } from '../benchmark.ts'
import { loopWorkflows, withBundle } from '../bundle.ts'
import { startPaced } from '../loop/fleet.ts'
import { quantile } from '../loop/samples.ts'
import { startServer } from '../loop/server.ts'
import { forkWorker } from '../loop/worker-process.ts'
import { overloadSampleSchema, priorityOf } from './settings.ts'

export const overload: Benchmark = {
  name: 'overload',
  about:
    'Quiet monitors of P1 (5 %) to P5 (30 %) at 3 s, three times as many as could be evaluated in their interval, by the rate that such monitors reach unstretched in the same run. ' +
    'Lag: from when a monitor was to wake up to its evaluation, over 20 s. The first time without stretching; then on new processes with it, 60 s after the last was started. ' +
    'Server, worker and measurement share the machine. How levels are given back is simulated in docs/capacity.md.',
  figures: [
    { key: 'capacityPerSecond', label: 'evaluations a second, saturated', digits: 0 },
    { key: 'offeredPerSecond', label: 'slots a second that fall due', digits: 0 },
    { key: 'saturatedP1LagP99Ms', label: 'lag of P1 where it is saturated and nothing is stretched, p99, ms', digits: 0 },
    { key: 'overloadP1LagP50Ms', label: 'lag of P1 at three times the load, p50, ms', digits: 0 },
    { key: 'overloadP1LagP99Ms', label: 'the same, p99, ms', digits: 0, goal: { atMost: 2_000 } },
    { key: 'overloadP3LagP99Ms', label: 'of P3, p99, ms', digits: 0 },
    { key: 'overloadP5LagP99Ms', label: 'of P5, p99, ms', digits: 0 },
    { key: 'overloadLevel', label: 'level of stretching at the end, of 7', digits: 0 },
    { key: 'stretchedWithinS', label: 'from the first monitor to the first level, s', digits: 0 },
  ],
  run,
}

/** Short, so that three times what two cores do fits a worker's cache: replays would be another measurement. */
const intervalMs = 3_000
/** 500 a second. What two cores do when saturated is 200 to 350. */
const probeMonitors = 1_500
const settleMs = 60_000
const windowMs = 20_000

type Phase = Readonly<{ perSecond: number; lagsMs: (priority: number) => readonly number[]; level: number; stretchedWithinS: number }>

async function run(say: (line: string) => void): Promise<Figures> {
  return withBundle(async (codePath) => {
    const probe = await measure({ codePath, monitors: probeMonitors, stretches: false, settleMs: windowMs }, say)
    const monitors = Math.ceil((3 * probe.perSecond * intervalMs) / 1_000)
    const stretched = await measure({ codePath, monitors, stretches: true, settleMs }, say)
    return {
      capacityPerSecond: probe.perSecond,
      offeredPerSecond: monitors / (intervalMs / 1_000),
      saturatedP1LagP99Ms: quantile(probe.lagsMs(1), 0.99),
      overloadP1LagP50Ms: quantile(stretched.lagsMs(1), 0.5),
      overloadP1LagP99Ms: quantile(stretched.lagsMs(1), 0.99),
      overloadP3LagP99Ms: quantile(stretched.lagsMs(3), 0.99),
      overloadP5LagP99Ms: quantile(stretched.lagsMs(5), 0.99),
      overloadLevel: stretched.level,
      stretchedWithinS: stretched.stretchedWithinS,
    }
  }, loopWorkflows)
}

type Options = Readonly<{ codePath: string; monitors: number; stretches: boolean; settleMs: number }>

async function measure({ settleMs: settling, ...options }: Options, say: (line: string) => void): Promise<Phase> {
  const server = await startServer(say)
  const worker = await forkWorker(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
    ...options,
    intervalMs,
    address: server.address,
  })
  try {
    const config = loadTemporalConfig({ TEMPORAL_ADDRESS: server.address })
    const startedAt = Date.now()
    const ids = Array.from({ length: options.monitors }, (_, index) => index + 1)
    await startPaced(ids, (id) =>
      server.client.workflow.start(
        'monitor',
        startOptions({ monitorId: id, version: 1, type: 'query alert', name: `monitor ${id}`, priority: priorityOf(id), tags: [] }, config),
      ),
    )
    say(`${options.monitors} monitors started, ${options.stretches ? 'stretched' : 'unstretched'}`)
    await delay(settling)
    await worker.ask({})
    await delay(windowMs)
    const { lagsMs, evaluations, level, stretchedAt } = overloadSampleSchema.parse(await worker.ask({}))
    const perSecond = evaluations / (windowMs / 1_000)
    say(`${perSecond.toFixed(0)}/s, level ${level}`)
    const stretchedWithinS = stretchedAt === null ? 0 : (stretchedAt - startedAt) / 1_000
    return { perSecond, lagsMs: (priority) => lagsMs[String(priority)] ?? [], level, stretchedWithinS }
  } finally {
    await worker.stop()
    await server.stop()
  }
}
