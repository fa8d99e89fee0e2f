/** Composites over monitors that the engine evaluates, from what is pushed to what is told. Read next: adapters/datasources/composite.ts. */
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

async function create(type: string, query: string): Promise<number> {
  const options = { interval: 1, new_group_delay: 0 }
  return (await engine.api.send('POST', '/api/v1/monitor', { name: query, type, query, message: '', options })).id
}

async function push(metric: string, host: string, value: number): Promise<void> {
  const points = [{ timestamp: Math.floor(Date.now() / 1_000), value }]
  const series = [{ metric, type: 3, points, resources: [{ type: 'host', name: host }] }]
  await engine.api.send('POST', '/api/v2/series', { series })
}

const groups = async (id: number, expected: Readonly<Record<string, string>>): Promise<void> => {
  let found: unknown
  await until(`monitor ${id} has the groups ${JSON.stringify(expected)}`, async () => {
    found = await engine.api.groups(id)
    return JSON.stringify(found) === JSON.stringify(expected)
  })
  expect(found).toEqual(expected)
}

test('a composite follows its members, group by group, and says which one is gone', async () => {
  const [load, errors] = [
    await create('query alert', 'max(last_5m):max:load{*} by {host} > 9'),
    await create('query alert', 'max(last_5m):max:errors{*} by {host} > 9'),
  ]
  for (const [metric, host, value] of [
    ['load', 'a', 10],
    ['load', 'b', 10],
    ['load', 'c', 10],
    ['errors', 'a', 10],
    ['errors', 'b', 0],
  ] as const)
    await push(metric, host, value)
  const both = await create('composite', `${load} && ${errors}`)
  await groups(both, { 'host:a': 'Alert', 'host:b': 'OK' })
  // The points of a bucket are averaged: this one outweighs the first.
  await push('errors', 'b', 100)
  await groups(both, { 'host:a': 'Alert', 'host:b': 'Alert' })

  await engine.api.send('DELETE', `/api/v1/monitor/${errors}?force=true`)
  await until('the health names the member', async () => {
    const { state } = await engine.api.send('GET', `/api/v2/monitor/${both}/state`)
    return state.health.reason === `bad-query: monitor ${errors}, which this composite is made of, was deleted`
  })
  await groups(both, { 'host:a': 'Alert', 'host:b': 'Alert' })
})
