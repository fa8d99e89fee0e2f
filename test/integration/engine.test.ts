/**
 * The whole way: a definition and points come in over HTTP, a workflow on a real server decides, a signed webhook goes out.
 * Read next: test/support/engine.ts.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type WebhookMessage, webhookMessage } from '../../contract/webhook.ts'
import { searchAttributes, workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngine } from '../support/engine.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let namespace: TestNamespace
let hooks: HookServer
let engine: Engine
let secret: string

beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
  namespace = await createTestNamespace()
  hooks = await startHookServer(answer(200))
  engine = await startEngine(database, namespace)
  const webhook = { name: 'ops', url: hooks.url, secret: true }
  secret = (await engine.api.send('POST', '/api/v1/integration/webhooks/configuration/webhooks', webhook)).secret
})
afterAll(async () => {
  await engine?.close()
  await hooks?.close()
  await namespace?.close()
  await database?.drop()
})

type Created = Readonly<{ id: number; metric: string }>

let lastMetric = 0

/** A monitor of its own metric, by host, evaluated every second. `min` lets one good point recover it at once. */
async function create(options: Readonly<Record<string, unknown>> = {}, fields: Readonly<Record<string, unknown>> = {}): Promise<Created> {
  lastMetric += 1
  const metric = `engine.load.${lastMetric}`
  const { id } = await engine.api.send('POST', '/api/v1/monitor', {
    name: `load ${lastMetric}`,
    type: 'query alert',
    query: `min(last_1m):avg:${metric}{*} by {host} > 90`,
    message: '{{host.name}} is at {{value}} @webhook-ops',
    tags: ['team:core', 'env:test'],
    priority: 2,
    options: { interval: 1, new_group_delay: 0, thresholds: { critical: 90 }, ...options },
    ...fields,
  })
  return { id, metric }
}

const group = async (id: number, name: string, status: string): Promise<void> => {
  await until(`${name} of monitor ${id} is ${status}`, async () => (await engine.api.groups(id))[name] === status)
}

/** What the webhook was sent about a monitor, each message verified as its receiver would. */
function messagesOf(monitorId: number): WebhookMessage[] {
  return hooks
    .hooks()
    .map(({ headers, body }) => webhookMessage.parse(new Webhook(secret).verify(body, { ...headers })))
    .filter((message) => message.monitor.id === monitorId)
}

async function message(monitorId: number, nth: number): Promise<WebhookMessage> {
  return until(`message ${nth} of monitor ${monitorId}`, () => messagesOf(monitorId)[nth - 1])
}

async function transitionsOf(monitorId: number): Promise<string[]> {
  const { transitions } = await engine.api.send('GET', `/api/v2/monitor/${monitorId}/transitions`)
  return [...transitions].reverse().map(({ from, to, reason }: { from: string; to: string; reason: string }) => `${from}→${to} ${reason}`)
}

test('points over the threshold alert, a signed webhook says so, and the recovery follows', async () => {
  const { id, metric } = await create()
  await engine.api.push(metric, 'web-1', [{ value: 95 }])
  await engine.api.push(metric, 'web-2', [{ value: 5 }])
  await group(id, 'host:web-1', 'Alert')
  await group(id, 'host:web-2', 'OK')
  const alert = await message(id, 1)
  expect(alert).toMatchObject({
    type: 'monitor.alert',
    monitor: { id, priority: 2, tags: ['team:core', 'env:test'] },
    group: { key: 'host:web-1', tags: { host: 'web-1' } },
    transition: { sequence: 1, from: 'OK', to: 'Alert', value: 95, threshold: 90 },
  })
  expect(alert.body).toContain('web-1 is at 95')
  expect(await engine.api.send('GET', `/api/v1/monitor/${id}`)).toMatchObject({ overall_state: 'Alert' })
  await engine.api.push(metric, 'web-1', [{ value: 10 }])
  await group(id, 'host:web-1', 'OK')
  expect(await message(id, 2)).toMatchObject({ type: 'monitor.recovery', transition: { sequence: 2, from: 'Alert', to: 'OK' } })
  expect(messagesOf(id)).toHaveLength(2)
})

test('a monitor in Alert is found in Temporal by its state, its tags and its name', async () => {
  const { id, metric } = await create({}, { name: 'found by its name' })
  await engine.api.push(metric, 'web-1', [{ value: 95 }])
  await group(id, 'host:web-1', 'Alert')
  const query = `MonitorState='Alert' and MonitorId='${id}' and MonitorTags='team:core' and MonitorPriority=2`
  await until('the list to show it', async () => (await namespace.client.workflow.count(query)).count === 1)
  const { typedSearchAttributes, staticSummary } = await descriptionOf(id)
  expect(staticSummary).toBe('found by its name')
  expect(typedSearchAttributes.get(searchAttributes.monitorType)).toBe('query alert')
  const executable = inject('temporalPath')
  const cli = await listByCli(executable ?? 'temporal', query)
  expect(cli).toContain(workflowIdOf(id))
})

test('what a monitor saw lately, and how it is, can be read without asking it', async () => {
  const { id, metric } = await create()
  await engine.api.push(metric, 'web-1', [{ value: 95 }])
  await engine.api.push(metric, 'web-2', [{ value: 5 }])
  await group(id, 'host:web-1', 'Alert')
  const seen = await until('an evaluation of both groups', async () => {
    const { evaluations } = await engine.api.send('GET', `/api/v2/monitor/${id}/evaluations`)
    return evaluations.find(({ groups }: { groups: number }) => groups === 2)
  })
  expect(seen).toMatchObject({ outcome: 'evaluated', min: 5, max: 95, version: 1, reason: null })
  expect(seen.query).toContain(metric)
  const status = await engine.api.send('GET', `/api/v2/monitor/${id}/status`)
  expect(status).toMatchObject({ overall_state: 'Alert', paused: false, health: { kind: 'healthy' }, groups: { Alert: 1, OK: 1 } })
  expect(status.last_slot).toBeGreaterThanOrEqual(seen.slot)
})

async function descriptionOf(id: number) {
  const handle = namespace.client.workflow.getHandle(workflowIdOf(id))
  const description = await handle.describe()
  return { typedSearchAttributes: description.typedSearchAttributes, staticSummary: await description.staticSummary() }
}

async function listByCli(executable: string, query: string): Promise<string> {
  const args = ['workflow', 'list', '--address', namespace.address, '--namespace', namespace.name, '--query', query, '-o', 'json']
  return (await promisify(execFile)(executable, args)).stdout
}

test('a group whose data ends is No Data, told where it was asked for', async () => {
  const { id, metric } = await create({ on_missing_data: 'show_and_notify_no_data' })
  // Leaves the window of a minute in some seconds.
  await engine.api.push(metric, 'web-1', [{ value: 5, agoS: 52 }])
  await group(id, 'host:web-1', 'OK')
  await group(id, 'host:web-1', 'No Data')
  expect(await message(id, 1)).toMatchObject({ type: 'monitor.no_data', transition: { from: 'OK', to: 'No Data', reason: 'data-missing' } })
  await engine.api.push(metric, 'web-1', [{ value: 5 }])
  await group(id, 'host:web-1', 'OK')
  expect(await message(id, 2)).toMatchObject({ type: 'monitor.recovery', transition: { reason: 'data-returned' } })
})

test('a muted monitor goes on deciding and tells nobody; unmuted, it tells what comes next', async () => {
  const { id, metric } = await create()
  await engine.api.push(metric, 'web-1', [{ value: 5 }])
  await group(id, 'host:web-1', 'OK')
  expect(await engine.api.send('POST', `/api/v1/monitor/${id}/mute`)).toMatchObject({ options: { silenced: { '*': null } } })
  await applied(id, 2)
  await engine.api.push(metric, 'web-2', [{ value: 95 }])
  await group(id, 'host:web-2', 'Alert')
  expect(await engine.api.send('POST', `/api/v1/monitor/${id}/unmute`)).toMatchObject({ options: { silenced: {} } })
  await applied(id, 3)
  await engine.api.push(metric, 'web-3', [{ value: 96 }])
  await group(id, 'host:web-3', 'Alert')
  expect(await message(id, 1)).toMatchObject({ group: { key: 'host:web-3' } })
  expect(messagesOf(id)).toHaveLength(1)
})

async function applied(id: number, version: number): Promise<void> {
  await until(`monitor ${id} works with version ${version}`, async () => {
    const { rows } = await database.pool.query<{ applied_version: number }>('select applied_version from monitors where id = $1', [id])
    return rows[0]?.applied_version === version
  })
}

test('resolving makes a group OK now, and the next evaluation judges it afresh', async () => {
  const { id, metric } = await create()
  await engine.api.push(metric, 'web-1', [{ value: 95 }])
  await group(id, 'host:web-1', 'Alert')
  expect(await engine.api.send('POST', `/api/v1/monitor/${id}/resolve`)).toEqual({ id, resolved: ['host:web-1'] })
  await until('three transitions', async () => (await transitionsOf(id)).length === 3)
  expect(await transitionsOf(id)).toEqual(['OK→Alert threshold-crossed', 'Alert→OK resolved-by-hand', 'OK→Alert threshold-crossed'])
})

test('an edit keeps the state of every group, and is judged by from the next slot on', async () => {
  const { id, metric } = await create()
  await engine.api.push(metric, 'web-1', [{ value: 95 }])
  await engine.api.push(metric, 'web-2', [{ value: 85 }])
  await group(id, 'host:web-1', 'Alert')
  await group(id, 'host:web-2', 'OK')
  const query = `min(last_1m):avg:${metric}{*} by {host} > 80`
  await engine.api.send('PUT', `/api/v1/monitor/${id}`, {
    name: 'renamed',
    query,
    options: { interval: 1, new_group_delay: 0, thresholds: { critical: 80 } },
  })
  await group(id, 'host:web-2', 'Alert')
  expect(await transitionsOf(id)).toEqual(['OK→Alert threshold-crossed', 'OK→Alert threshold-crossed'])
  expect(await message(id, 2)).toMatchObject({ monitor: { name: 'renamed', version: 2 }, transition: { sequence: 2, threshold: 80 } })
})

test('a deleted monitor is gone from the API, and its workflow ends', async () => {
  const { id } = await create()
  await applied(id, 1)
  expect(await engine.api.send('DELETE', `/api/v1/monitor/${id}`)).toEqual({ deleted_monitor_id: id })
  await expect(engine.api.send('GET', `/api/v1/monitor/${id}`)).rejects.toThrow('HTTP 404')
  const handle = namespace.client.workflow.getHandle(workflowIdOf(id))
  await until('the workflow ended', async () => (await handle.describe()).status.name === 'COMPLETED')
})
