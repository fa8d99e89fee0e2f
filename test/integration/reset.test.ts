/**
 * What docs/how-to/inspect-and-reset.md promises, with the Temporal CLI against the real servers: a history is shown, exported
 * and replayed offline; a reset decides slots again, and no transition is lost, doubled or told under another number.
 */

import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fixedSources } from '../../activities/fixed-sources.ts'
import { createActivities } from '../../activities/index.ts'
import type { Notifier } from '../../activities/notification-ports.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { createLog } from '../../telemetry/log.ts'
import { startTelemetry } from '../../telemetry/telemetry.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { type Crew, startCrew } from '../../workers/crew.ts'
import { wirePorts } from '../../workers/wire.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { type Script, scriptedSource, silentEvaluations, silentMetrics } from '../support/memory-ports.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { simulate } from '../support/simulate.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = temporaryFolder()

let database: TestDatabase
let namespace: TestNamespace
let runtime: TemporalMonitorRuntime
let crew: Crew
let script: Script
let diverged = 0
const told: string[] = []

const second = (slot: number): number => Math.floor(slot / 1_000)
const waves: Script = (slot) => ({ 'host:a': second(slot) % 3 === 0 ? 95 : 1, 'host:b': second(slot) % 5 < 2 ? 85 : 1 })
/** As if late data had come: what was decided then would not be decided now. */
const rewritten = (slot: number) => ({ 'host:a': second(slot) % 4 < 2 ? 1 : 95, 'host:b': second(slot) % 2 === 0 ? 99 : 1 })

beforeAll(async () => {
  quietRuntime()
  ;[database, namespace] = await Promise.all([createTestDatabase(), createTestNamespace()])
  const config = loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name })
  runtime = createMonitorRuntime(namespace.client, config)
  const log: Notifier = {
    kind: 'log',
    deliver: async ({ id }) => {
      told.push(id)
      return { kind: 'delivered', detail: 'ok' }
    },
  }
  const ports = {
    ...wirePorts({
      pool: database.pool,
      runtime,
      evaluations: silentEvaluations,
      config,
      telemetry: startTelemetry({ service: 'tocsin-test', otlpEndpoint: null }),
      log: createLog({ service: 'tocsin-test', level: 'silent' }),
    }),
    sources: fixedSources([scriptedSource((slot) => script(slot))]),
    notifiers: [log],
    metrics: {
      ...silentMetrics,
      commitDiverged: (sequences: number) => {
        diverged += sequences
      },
    },
  }
  crew = await startCrew({
    connection: namespace.nativeConnection,
    config,
    workflowBundle: await bundleWorkflows(),
    activities: createActivities(ports),
    plugins: [],
  })
})
afterAll(async () => {
  crew.drain()
  await crew.ended
  await namespace.close()
  await database.drop()
  folder.remove()
})

test('a history is shown, exported and replayed offline; after a reset the same slots come to the same transitions', async () => {
  const monitorId = await startMonitor(waves)
  const before = await until('some transitions', async () => atLeast(await transitions(monitorId), 6))
  const file = join(folder.path, 'history.json')
  writeFileSync(file, await temporal('show', monitorId, '--output', 'json'))
  expect(await replay(file)).toContain('replayed')

  expect(await temporal('show', monitorId)).toContain('WorkflowExecutionStarted')
  const resetAt = Date.now()
  await temporal('reset', monitorId, '--event-id', await anEarlyTask(file), '--reason', 'test')
  const { state, ledger } = await until('slots after the reset', async () => {
    const answer = await runtime.state(monitorId).catch(() => null)
    // What was decided last may not be stored yet.
    const stored = answer !== null && (await transitions(monitorId)).length >= answer.state.sequence
    return stored && answer.state.lastSlot > resetAt + 4_000 && answer
  })

  const truth = simulate(state.spec, ledger.firstSlot ?? 0, state.lastSlot, waves)
  const after = (await transitions(monitorId)).filter(({ slot }) => slot <= state.lastSlot)
  expect(after).toEqual(truth.transitions.map(({ sequence, group, from, to, slot }) => ({ sequence, group, from, to, slot })))
  expect(after.slice(0, before.length)).toEqual(before)
  expect(ledger.evaluated + ledger.caughtUp).toBe(truth.slots)
  expect(ledger).toMatchObject({ skipped: 0, failed: 0 })
  expect(diverged).toBe(0)
  await everythingIsTold(monitorId)
})

test('where the data changed meanwhile, what was decided and told stays, and the monitor goes on from there', async () => {
  const monitorId = await startMonitor(waves)
  const before = await until('some transitions', async () => atLeast(await transitions(monitorId), 6))
  const file = join(folder.path, 'rewritten.json')
  writeFileSync(file, await temporal('show', monitorId, '--output', 'json'))
  script = rewritten
  const resetAt = Date.now()
  await temporal('reset', monitorId, '--event-id', await anEarlyTask(file), '--reason', 'test')
  const { state } = await until('slots after the reset', async () => {
    const answer = await runtime.state(monitorId).catch(() => null)
    return answer !== null && answer.state.lastSlot > resetAt + 4_000 && answer
  })
  const after = await transitions(monitorId)
  expect(diverged).toBeGreaterThan(0)
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.map(({ sequence }) => sequence)).toEqual(after.map((_, index) => index + 1))
  expect(after.length).toBeGreaterThan(before.length)
  // A chain for each group: nothing was decided from a status that the record doesn't know.
  for (const group of ['host:a', 'host:b']) {
    const own = after.filter((transition) => transition.group === group)
    expect(own.map(({ from }) => from)).toEqual(['OK', ...own.slice(0, -1).map(({ to }) => to)])
  }
  expect(state.groups['host:a']?.status).toBe(rewritten(state.lastSlot)['host:a'] === 95 ? 'Alert' : 'OK')
  await everythingIsTold(monitorId)
})

async function startMonitor(follows: Script): Promise<number> {
  script = follows
  const definition = {
    name: 'CPU is high',
    type: 'query alert',
    query: 'avg(last_1m):avg:cpu{*} by {host} > 90',
    tags: [],
    priority: null,
  }
  const options = { interval: 1, thresholds: { critical: 90, warning: 80 } }
  const monitorId = await insertMonitor(database.pool, definition, { options })
  await runtime.start({ monitorId, version: 1, ...definition })
  return monitorId
}

type Row = Readonly<{ sequence: number; group: string; from: string; to: string; slot: number }>

async function transitions(monitorId: number): Promise<Row[]> {
  const { rows } = await database.pool.query<Row>(
    `select sequence, group_key as "group", from_status as "from", to_status as "to", slot
     from transitions where monitor_id = $1 order by sequence`,
    [monitorId],
  )
  return rows
}

/** Stops the monitor, and waits until each transition that is to be told was told: by a message of its own. */
async function everythingIsTold(monitorId: number): Promise<void> {
  await runtime.stop(monitorId)
  await until('the workflow to end', async () => !(await runtime.isRunning(monitorId)))
  const wanted = await database.pool.query<{ count: number }>(
    'select count(*)::int as count from transitions where monitor_id = $1 and notify',
    [monitorId],
  )
  const messages = (): number => new Set(told.filter((id) => id.startsWith(`msg_${monitorId}_`))).size
  await until('all notifications', () => messages() === wanted.rows[0]?.count)
  // A lane writes down what it has sent after it has sent it.
  await until('all notifications written down', async () => {
    const { rows } = await database.pool.query(
      `select transition_sequence from deliveries where monitor_id = $1 and receiver = 'log' and status = 'delivered'`,
      [monitorId],
    )
    return rows.length === messages()
  })
}

async function temporal(command: string, monitorId: number, ...more: string[]): Promise<string> {
  const program = inject('temporalPath')
  if (program === null) throw new Error('no Temporal CLI was found')
  const where = ['--address', namespace.address, '--namespace', namespace.name, '--workflow-id', workflowIdOf(monitorId)]
  const { stdout } = await run(program, ['workflow', command, ...where, ...more], { maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

async function replay(file: string): Promise<string> {
  const { stdout } = await run(process.execPath, [join(root, 'cli/replay/main.ts'), file], { cwd: root })
  return stdout
}

/** The end of a workflow task a few slots after the start of the run. */
async function anEarlyTask(file: string): Promise<string> {
  const { default: history }: { default: { events: { eventId: string; eventType: string }[] } } = await import(file, {
    with: { type: 'json' },
  })
  const ends = history.events.filter(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED')
  return ends[2]?.eventId ?? ''
}

function atLeast<Item>(items: Item[], count: number): Item[] | false {
  return items.length >= count && items
}
