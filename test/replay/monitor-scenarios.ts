import type { WorkflowHandle } from '@temporalio/client'
import type { Datasource } from '../../activities/ports.ts'
import { SourceError } from '../../activities/ports.ts'
import { StoreAwayError } from '../../activities/store-ports.ts'
import { startOptions } from '../../adapters/temporal/start-options.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { acknowledgeUpdate, evaluateNowUpdate, resolveUpdate } from '../../workflows/messages.ts'
import { specOf } from '../core/monitor/fixtures.ts'
import type { MemoryPorts } from '../support/memory-ports.ts'
import { queues, type Stage } from './stage.ts'

export type MonitorScenario = Readonly<{
  name: string
  spec?: Partial<MonitorSpec>
  values: (slot: number) => Readonly<Record<string, number>> | Error
  /** What happens to it; default: fifteen seconds of life. Resolves with the run to begin with; null = the first. */
  live?: (scene: Scene) => Promise<string | null>
}>

type Scene = Readonly<{
  stage: Stage
  handle: WorkflowHandle
  define: (changes: Partial<MonitorSpec>) => void
  remove: () => void
  /** Its store gives no answer, or does again. Other monitors' does. */
  setAway: (isAway: boolean) => void
}>

const second = (slot: number): number => Math.floor(slot / 1_000)

/** Whether data of the past have changed meanwhile: what was decided then would be decided differently now. */
let rewritten = false

/** Of the source that is in the store. */
let inStoreIsAway = false

export const monitorScenarios: readonly MonitorScenario[] = [
  { name: 'quiet', values: () => ({ 'host:a': 1 }) },
  {
    name: 'changing',
    spec: { missing: { action: 'notify', timeframeMs: 2_000 } },
    values: (slot) => ({
      'host:a': second(slot) % 5 < 2 ? 95 : 85,
      'host:b': second(slot) % 7 < 3 ? 1 : 99,
      ...(second(slot) % 11 < 6 ? { 'host:c': 50 } : {}),
    }),
  },
  {
    name: 'failing',
    values: (slot) => {
      if (second(slot) % 6 === 1) return new SourceError('unreachable', 'connection refused')
      if (second(slot) % 6 === 3) return new TypeError('out of order')
      return { 'host:a': 95 }
    },
  },
  {
    name: 'messages',
    values: () => ({ 'host:a': 85, 'host:b': 95 }),
    live: async ({ stage, handle, define }) => {
      await stage.pass(2_500)
      define({ version: 2, thresholds: { critical: 84, warning: null, criticalRecovery: null, warningRecovery: null } })
      await handle.signal('respecify', { version: 2 })
      await stage.pass(1_500)
      const said = { by: 'ann', until: null, note: 'on it' }
      await handle.executeUpdate(acknowledgeUpdate, { args: [{ groups: ['host:b'], said }] })
      await handle.executeUpdate(acknowledgeUpdate, { args: [{ groups: ['host:gone'], said }] })
      await handle.signal('resolve', { groups: ['host:a'] })
      await handle.executeUpdate(resolveUpdate, { args: [{ groups: '*' }] })
      await handle.executeUpdate(evaluateNowUpdate)
      await handle.signal('pause')
      await stage.pass(2_500)
      await handle.executeUpdate(evaluateNowUpdate)
      await handle.signal('resume')
      await stage.pass(6_000)
      return null
    },
  },
  {
    name: 'carried-over',
    values: (slot) => ({ 'host:a': second(slot) % 2 === 0 ? 95 : 1 }),
    live: async ({ stage, handle }) => {
      // Some of these come while a run ends, and are carried into the next.
      for (let count = 0; count < 24; count += 1) {
        await Promise.all([handle.signal('resolve', { groups: ['host:a'] }), handle.executeUpdate(evaluateNowUpdate), stage.pass(620)])
      }
      return null
    },
  },
  {
    name: 'stopped',
    values: () => ({ 'host:a': 1 }),
    live: async ({ stage, handle }) => {
      await stage.pass(2_000)
      await handle.signal('stop')
      await handle.result()
      return null
    },
  },
  {
    name: 'deleted',
    values: () => ({ 'host:a': 1 }),
    live: async ({ stage, handle, remove }) => {
      await stage.pass(2_000)
      remove()
      await handle.signal('respecify', { version: 2 })
      await handle.result()
      return null
    },
  },
  {
    name: 'away',
    values: (slot) => ({ 'host:a': second(slot) % 2 === 0 ? 95 : 1 }),
    live: async ({ stage, handle, define, setAway }) => {
      await stage.pass(2_500)
      setAway(true)
      define({ version: 2 })
      await handle.signal('respecify', { version: 2 })
      await stage.pass(12_000)
      setAway(false)
      await stage.pass(12_000)
      return null
    },
  },
  {
    name: 'waiting',
    values: (slot) =>
      inStoreIsAway ? new StoreAwayError('PostgreSQL: connection refused') : { 'host:a': second(slot) % 2 === 0 ? 95 : 1 },
    live: async ({ stage, handle }) => {
      await stage.pass(2_500)
      inStoreIsAway = true
      await stage.pass(4_000)
      await handle.executeUpdate(evaluateNowUpdate)
      inStoreIsAway = false
      await stage.pass(9_000)
      return null
    },
  },
  { name: 'reset', values: (slot) => ({ 'host:a': second(slot) % 3 === 0 ? 95 : 1 }), live: reset(() => {}) },
  {
    name: 'diverged',
    values: (slot) => ({ 'host:a': (second(slot) % 3 === 0) !== rewritten ? 95 : 1 }),
    live: reset(() => {
      rewritten = true
    }),
  },
]

/** Goes back to a moment after some slots, and on from there: they are decided again. */
function reset(before: () => void): NonNullable<MonitorScenario['live']> {
  return async ({ stage, handle }) => {
    await stage.pass(5_500)
    before()
    const { runId } = await handle.describe()
    const { events } = await stage.workflow.getHandle(handle.workflowId, runId).fetchHistory()
    const completed = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes)
    const reply = await stage.workflow.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId, runId },
      workflowTaskFinishEventId: completed[tasksKept]?.eventId ?? null,
      reason: 'recording',
      requestId: `${handle.workflowId}-reset`,
    })
    await stage.pass(6_000)
    return reply.runId
  }
}

/** Workflow tasks before the reset: enough for a slot and its commit. */
const tasksKept = 2

export const monitorIdOf = (scenario: MonitorScenario): number => 4_001 + monitorScenarios.indexOf(scenario)

/** Monitors whose notifications can't be planned and go on trying: deciding again finds them started already. */
export const untoldMonitorIds = monitorScenarios.filter(({ name }) => name === 'reset').map(monitorIdOf)

/** Answers each monitor by its scenario, whose name is the query. */
export const scenarioSource: Datasource = {
  types: ['query alert'],
  query: async ({ query, slots }) =>
    slots.map((slot) => {
      const values = monitorScenarios.find(({ name }) => name === query)?.values(slot) ?? {}
      if (values instanceof Error) throw values
      return { slot, values }
    }),
}

/** Plays a scenario. Resolves with the run to record first, and the workflow's id. */
export async function playMonitor(
  stage: Stage,
  ports: MemoryPorts,
  scenario: MonitorScenario,
): Promise<{ workflowId: string; runId: string }> {
  const monitorId = monitorIdOf(scenario)
  const spec = specOf({
    intervalMs: 1_000,
    windowMs: 1_000,
    ...scenario.spec,
    monitorId,
    query: scenario.name,
    name: scenario.name,
    priority: 2,
  })
  ports.monitors.define(spec)
  const options = startOptions({ ...spec, tags: ['team:core'] }, loadTemporalConfig({}))
  const started = await stage.workflow.start('monitor', { ...options, taskQueue: queues.monitors })
  // Without a run id it follows the chain of runs.
  const handle = stage.workflow.getHandle(started.workflowId)
  let defined = spec
  const define = (changes: Partial<MonitorSpec>): void => {
    defined = { ...defined, ...changes }
    ports.monitors.define(defined)
  }
  const live = scenario.live ?? (({ stage: { pass } }: Scene) => pass(15_000).then(() => null))
  const runId = await live({
    stage,
    handle,
    define,
    remove: () => ports.monitors.remove(monitorId),
    setAway: (isAway) => (isAway ? ports.monitors.goAway(monitorId) : ports.monitors.comeBack()),
  })
  return { workflowId: started.workflowId, runId: runId ?? started.firstExecutionRunId }
}
