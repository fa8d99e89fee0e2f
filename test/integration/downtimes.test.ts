/** Downtimes from the API through the whole engine: what they hold, and who hears of their end. Read next: adapters/postgres/downtime-source.ts. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngine } from '../support/engine.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let namespace: TestNamespace
let engine: Engine

beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
  namespace = await createTestNamespace()
  engine = await startEngine(database, namespace)
})
afterAll(async () => {
  await engine?.close()
  await namespace?.close()
  await database?.drop()
})

/** A monitor of its own metric, by host, evaluated every second; each host reports what is fine. */
async function create(metric: string): Promise<number> {
  const query = `max(last_5m):max:${metric}{*} by {host} > 9`
  const options = { interval: 1, new_group_delay: 0 }
  const { id } = await engine.api.send('POST', '/api/v1/monitor', {
    name: metric,
    type: 'query alert',
    query,
    message: '',
    tags: [metric],
    options,
  })
  for (const host of ['a', 'b']) await engine.api.push(metric, host, [{ value: 1 }])
  await until('both groups are there', async () => Object.keys(await engine.api.groups(id)).length === 2)
  return id
}

async function plan(metric: string, attributes: Readonly<Record<string, unknown>>): Promise<string> {
  const data = { type: 'downtime', attributes: { monitor_identifier: { monitor_tags: [metric] }, scope: 'host:a', ...attributes } }
  return (await engine.api.send('POST', '/api/v2/downtime', { data })).data.id
}

const patch = (id: string, attributes: object) =>
  engine.api.send('PATCH', `/api/v2/downtime/${id}`, { data: { type: 'downtime', id, attributes } })
const cancel = (id: string) => engine.api.send('DELETE', `/api/v2/downtime/${id}`)

type Told = Readonly<{ group: string; to: string; notify: Readonly<{ send: boolean; reason: string }> }>

/** Of one group, oldest first. */
async function toldOf(id: number, group: string): Promise<string[]> {
  const { transitions }: { transitions: Told[] } = await engine.api.send('GET', `/api/v2/monitor/${id}/transitions`)
  return transitions
    .filter((transition) => transition.group === group)
    .map(({ to, notify }) => `${to}: ${notify.send ? 'told' : 'not told'}, ${notify.reason}`)
    .reverse()
}

async function isHeard(id: number): Promise<void> {
  await until('the running monitor knows of it', async () => {
    const { state } = await engine.api.send('GET', `/api/v2/monitor/${id}/state`)
    return state.downtimes.length === 1
  })
}

async function alerted(metric: string, id: number): Promise<void> {
  for (const host of ['a', 'b']) await engine.api.push(metric, host, [{ value: 100 }])
  await until('both alert', async () => Object.values(await engine.api.groups(id)).every((status) => status === 'Alert'))
}

const held = 'Alert: not told, held-by-downtime'

test('an alert is held, its neighbour is told, and the end of the downtime tells of it', async () => {
  const id = await create('expiring')
  const downtime = await plan('expiring', {})
  await isHeard(id)
  await alerted('expiring', id)
  expect(await toldOf(id, 'host:a')).toEqual([held])
  expect(await toldOf(id, 'host:b')).toEqual(['Alert: told, entered-alert'])
  const { data } = await engine.api.send('GET', `/api/v2/monitor/${id}/downtime_matches`)
  expect(data).toMatchObject([{ id: downtime, attributes: { groups: ['host:a'] } }])

  // An end that is changed counts from then on.
  await patch(downtime, { schedule: { end: new Date(Date.now() + 4_000).toISOString() } })
  const told = await until('its end is told', async () => (await toldOf(id, 'host:a'))[1])
  expect(told).toBe('Alert: told, downtime-expired')
  const { data: after } = await engine.api.send('GET', `/api/v2/downtime/${downtime}`)
  expect(after.attributes.status).toBe('ended')
})

test('one that is canceled ends in silence, or tells where that is asked for', async () => {
  const [quiet, loud] = [await create('quiet'), await create('loud')]
  const downtimes = [await plan('quiet', {}), await plan('loud', { notify_end_types: ['canceled'] })]
  await Promise.all([isHeard(quiet), isHeard(loud)])
  await Promise.all([alerted('quiet', quiet), alerted('loud', loud)])
  expect(await toldOf(quiet, 'host:a')).toEqual([held])
  for (const downtime of downtimes) await cancel(downtime)
  const told = await until('its cancellation is told', async () => (await toldOf(loud, 'host:a'))[1])
  expect(told).toBe('Alert: told, downtime-canceled')
  await until('the other one has heard of its own', async () => {
    const { state } = await engine.api.send('GET', `/api/v2/monitor/${quiet}/state`)
    return state.downtimes.length === 0
  })
  expect(await toldOf(quiet, 'host:a')).toEqual([held])
})
