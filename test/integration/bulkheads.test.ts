/** A source that hangs takes its own share of a worker and no more: monitors of other sources don't feel it. The whole way. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngine } from '../support/engine.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let namespace: TestNamespace
let engine: Engine
let well: HookServer
let hanging: HookServer

beforeAll(async () => {
  quietRuntime()
  ;[database, namespace] = await Promise.all([createTestDatabase(), createTestNamespace()])
  engine = await startEngine(database, namespace)
  well = await startHookServer((res, attempt) => {
    const query = new URLSearchParams(well.hooks()[attempt - 1]?.body)
    const at = Number(query.get('time') ?? query.get('end'))
    const [start, step] = [Number(query.get('start')), Number(query.get('step'))]
    const isRange = query.has('end')
    const times = isRange ? Array.from({ length: Math.round((at - start) / step) + 1 }, (_, n) => start + n * step) : [at]
    const values = times.map((time) => [time, '1'])
    const metric = { host: 'web-1' }
    const result = isRange ? [{ metric, values }] : [{ metric, value: values[0] }]
    res.end(JSON.stringify({ status: 'success', data: { resultType: isRange ? 'matrix' : 'vector', result } }))
  })
  hanging = await startHookServer(() => {})
})
afterAll(async () => {
  await engine?.close()
  await Promise.all([well?.close(), hanging?.close()])
  await namespace?.close()
  await database?.drop()
})

const hangingMonitors = 40
const slots = 8
const firstValue = { thresholds: { critical: 5 }, interval: 1 }

/** What a monitor says of its slots, and of its source. */
async function ledgerOf(id: number): Promise<Readonly<{ status: string; ledger: Readonly<Record<string, number>> }> | null> {
  // 503 until its workflow runs.
  const answer = await engine.api.send('GET', `/api/v2/monitor/${id}/state`).catch(() => null)
  return answer === null ? null : { status: answer.state.health.kind, ledger: answer.ledger }
}

test('forty monitors of a source that hangs take nothing from the monitor of one that is well', { timeout: 120_000 }, async () => {
  const source = (name: string, url: string, limits: object) =>
    engine.api.send('POST', '/api/v2/source', { name, kind: 'prometheus', config: { url: new URL(url).origin, limits } })
  await source('well', well.url, {})
  await source('stuck', hanging.url, { concurrency: 4, timeout_s: 2, failures: 1_000 })
  const create = async (datasource: string, n: number): Promise<number> => {
    const monitor = { name: `${datasource} ${n}`, type: 'promql alert', query: `max by (host) (load_${n}) > 5`, message: '', tags: [] }
    return (await engine.api.send('POST', '/api/v1/monitor', { ...monitor, options: { ...firstValue, datasource } })).id
  }
  const stuck = await Promise.all(Array.from({ length: hangingMonitors }, (_, n) => create('stuck', n)))
  await until('the source that hangs to be asked', () => hanging.hooks().length >= 4)
  const healthy = await create('well', 1)
  const state = await until('slots of the one that is well', async () => {
    const found = await ledgerOf(healthy)
    return found !== null && (found.ledger.evaluated ?? 0) + (found.ledger.caughtUp ?? 0) >= slots && found
  })
  expect(state).toMatchObject({ status: 'healthy', ledger: { failed: 0, skipped: 0 } })
  const failing = await until('a monitor of the other to fail', async () => {
    const found = await ledgerOf(stuck[0] ?? 0)
    return found?.status === 'failing' && found
  })
  expect(failing.status).toBe('failing')
  // It is told as health: nobody is alerted for a source.
  expect(await engine.api.groups(stuck[0] ?? 0)).toEqual({})
})
