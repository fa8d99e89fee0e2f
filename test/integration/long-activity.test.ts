/**
 * Activities that take so long that the worker has to renew its workflow task, and messages that come meanwhile: when each is heard is
 * left to chance. Replaying every history, as a worker does that takes a monitor over, must come to the same commands.
 */

import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { WorkflowBundle } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixedSources } from '../../activities/fixed-sources.ts'
import { createActivities } from '../../activities/index.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { replayHistory } from '../../cli/replay/replay.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { type Crew, startCrew } from '../../workers/crew.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import { type MemoryPorts, memoryPorts } from '../support/memory-ports.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { mixed } from '../support/scripted-random.ts'
import { quietRuntime } from '../support/temporal.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)
const ids = Array.from({ length: 30 }, (_, index) => 1 + index)
/** The worker renews a task at four fifths of this: a fifth of the usual, so that it happens often. */
const workflowTaskTimeoutMs = 2_000
const longMs = 2_500
const playMs = Number(process.env.TOCSIN_TEST_PLAY_MS ?? 15_000)

let namespace: TestNamespace
let runtime: TemporalMonitorRuntime
let ports: MemoryPorts
let crew: Crew
let workflowBundle: WorkflowBundle

beforeAll(async () => {
  quietRuntime()
  console.log(`seed ${seed}: TOCSIN_TEST_SEED repeats it`)
  namespace = await createTestNamespace()
  const config = {
    ...loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name }),
    workflowTaskTimeoutMs,
  }
  runtime = createMonitorRuntime(namespace.client, config)
  ports = memoryPorts(() => ({}), { evaluationsPerRun: 8 })
  const sometimesLong = async (key: number): Promise<void> => {
    if (mixed(seed, key, 0) % 3 === 0)
      await new Promise((resolve) => setTimeout(resolve, longMs * (0.7 + (mixed(seed, key, 1) % 100) / 100)))
  }
  const slow: MemoryPorts = {
    ...ports,
    runtime,
    monitors: {
      ...ports.monitors,
      commit: async (commit) => {
        await sometimesLong(commit.slot + commit.sequence)
        return ports.monitors.commit(commit)
      },
      load: async (monitorId) => {
        await sometimesLong(Date.now())
        return ports.monitors.load(monitorId)
      },
    },
    sources: fixedSources([
      {
        types: ['query alert'],
        query: async ({ slots }) => {
          await sometimesLong(slots[0] ?? 0)
          return slots.map((slot) => ({ slot, values: { 'host:a': mixed(seed, slot, 3) % 2 === 0 ? 95 : 1 } }))
        },
      },
    ]),
  }
  workflowBundle = await bundleWorkflows()
  crew = await startCrew({
    connection: namespace.nativeConnection,
    config,
    workflowBundle,
    activities: createActivities(slow),
    plugins: [],
  })
}, 120_000)
afterAll(async () => {
  crew.drain()
  await crew.ended
  await namespace.close()
}, 60_000)

test('messages that come while an activity takes long are heard alike when the history is replayed', { timeout: 300_000 }, async () => {
  for (const monitorId of ids) ports.monitors.define(specOf({ monitorId, intervalMs: 1_000 }))
  await Promise.all(
    ids.map((monitorId) => runtime.start({ monitorId, version: 1, type: 'query alert', name: 'CPU', priority: null, tags: [] })),
  )
  const until = Date.now() + playMs
  const asked: Promise<void>[] = []
  let nth = 0
  while (Date.now() < until) {
    nth += 1
    asked.push(interfere(nth))
    await new Promise((resolve) => setTimeout(resolve, 40 + (mixed(seed, nth, 4) % 100)))
  }
  await Promise.race([Promise.all(asked), new Promise((resolve) => setTimeout(resolve, 15_000))])
  const outcomes: string[] = []
  let runs = 0
  for await (const { workflowId, runId } of namespace.client.workflow.list({ query: `WorkflowType = 'monitor'` })) {
    runs += 1
    const history = await namespace.client.workflow.getHandle(workflowId, runId).fetchHistory()
    const outcome = await replayHistory(workflowBundle, JSON.parse(historyToJSON(history)))
    if (outcome.kind !== 'replayed') outcomes.push(`${workflowId} ${runId}: ${outcome.reason}`)
  }
  console.log(JSON.stringify({ seed, messages: nth, runs, diverged: outcomes.length }))
  expect(runs).toBeGreaterThanOrEqual(ids.length)
  expect(outcomes).toEqual([])
})

/** One message to one monitor. An update that got no answer may have been heard all the same. */
async function interfere(nth: number): Promise<void> {
  const monitorId = ids[mixed(seed, nth, 1) % ids.length] ?? 1
  const handle = namespace.client.workflow.getHandle(workflowIdOf(monitorId))
  const nothing = (): void => {}
  switch (mixed(seed, nth, 2) % 6) {
    case 0: {
      ports.monitors.define(specOf({ monitorId, intervalMs: 1_000, version: nth + 1 }))
      await handle.signal('respecify', { version: nth + 1 }).catch(nothing)
      return
    }
    case 1:
      await runtime.evaluateNow(monitorId).then(nothing, nothing)
      return
    case 2:
      await runtime.pause(monitorId).catch(nothing)
      return
    case 3:
    case 4:
      await runtime.resume(monitorId).catch(nothing)
      return
    default:
      await runtime.resolve(monitorId, '*').then(nothing, nothing)
  }
}
