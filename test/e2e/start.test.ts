import { readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { errorsOf, type HttpClient } from '../../cli/http.ts'
import { freePort } from '../../cli/up/port.ts'
import { identify } from '../../cli/up/processes.ts'
import { waitFor } from '../../cli/up/wait.ts'
import { createTestDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createTestNamespace } from '../support/namespace.ts'
import { childrenOf, type Running, runCommand, startTocsin, supervisorOf } from '../support/tocsin.ts'

const monitors = z.array(z.object({ id: z.number(), name: z.string(), modified: z.string(), overall_state: z.string(), type: z.string() }))
type Monitors = z.infer<typeof monitors>

const exampleCount = readdirSync(new URL('../../examples/monitors/', import.meta.url)).length
/** Monitors evaluate every minute, each at its own moment of it; the sampler's first figures come at once. */
const firstEvaluationMs = 150_000
const kept = 'Kept over restarts'

/** One data directory through its whole life, in the order of a newcomer's first hour. */
describe('npm start', () => {
  const folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  let port = 0
  let running: Running
  let keptId = 0

  beforeAll(async () => {
    port = await freePort()
    running = await startTocsin(dataDir, port)
  })

  afterAll(async () => {
    running.interrupt()
    await running.exited
    folder.remove()
  })

  it('prints addresses and keys, and answers ready', async () => {
    expect((await running.client.request('GET', '/ready')).status).toBe(200)
    expect(running.output()).toContain(`http://127.0.0.1:${port}`)
    expect(running.output()).toMatch(/Temporal Web UI {2}http:\/\/127\.0\.0\.1:\d+/)
    expect(running.output()).toMatch(/API key {10}[0-9a-f]{32}/)
    const webUi = /Temporal Web UI {2}(\S+)/.exec(running.output())?.[1] ?? ''
    expect((await fetch(webUi)).status).toBe(200)
  })

  it('keeps what it stores from other users of the machine', () => {
    // PostgreSQL's folder is of its own user, and the server itself refuses to start in one that others may enter.
    const readable = [
      'keys.json',
      'postgres.password',
      'temporal.db',
      'temporal.db-wal',
      'temporal.db-shm',
      'logs/api.log',
      'logs/workers.log',
    ]
    expect(readable.filter((name) => (statSync(join(dataDir, name)).mode & 0o007) !== 0)).toEqual([])
  })

  it('applies every example monitor', async () => {
    expect(running.output()).toContain(`example monitors: ${exampleCount} applied, 0 as they were`)
    expect(await listMonitors(running.client)).toHaveLength(exampleCount)
  })

  it('shows a whole incident with npm run demo, which leaves nothing behind', async () => {
    const demo = runCommand('demo', { TOCSIN_DATA_DIR: dataDir })
    expect(await demo.exited, demo.output()).toBe(0)
    expect(demo.output()).toMatch(/state: Alert[\s\S]*signature verified[\s\S]*state: OK[\s\S]*signature verified/)
    expect(await listMonitors(running.client)).toHaveLength(exampleCount)
  })

  it("evaluates the examples on this machine's own figures: each leaves No Data", async () => {
    const ask = async (): Promise<true | null> => {
      const waiting = (await listMonitors(running.client)).filter((monitor) => monitor.overall_state === 'No Data')
      if (waiting.length > 0) throw new Error(`still No Data: ${waiting.map(({ name }) => name).join(', ')}`)
      return true
    }
    await waitFor(ask, { what: 'all examples to be judged', timeoutMs: firstEvaluationMs, everyMs: 1_000 })
  })

  it('keeps alerting what alerts', async () => {
    keptId = await createKeptMonitor(running.client)
    await waitForState(running.client, keptId, 'Alert')
    expect(await transitionsOf(running.client, keptId)).toHaveLength(1)
  })

  it('starts a worker again that was killed, which goes on where it was', async () => {
    const killed = childrenOf(dataDir).find(({ name }) => name === 'workers')
    const before = Date.now()
    process.kill(killed?.pid ?? 0, 'SIGKILL')
    await expectKept(running.client, before)
    expect(childrenOf(dataDir).find(({ name }) => name === 'workers')?.pid).not.toBe(killed?.pid)
    expect(running.output()).toContain('workers ended (SIGKILL); starting it again')
  })

  it('stops every child on Ctrl-C, the last started first, and leaves nothing running', async () => {
    const children = childrenOf(dataDir)
    expect(children.map(({ name }) => name)).toEqual(['postgres', 'temporal', 'api', 'workers', 'sampler'])
    running.interrupt()
    expect(await running.exited).toBe(0)
    expect([...running.output().matchAll(/stopped (\w+)$/gm)].map(([, name]) => name)).toEqual([
      'sampler',
      'workers',
      'api',
      'temporal',
      'postgres',
    ])
    for (const { pid, identity } of children) expect(identify(pid)).not.toBe(identity)
    expect(readdirSync(join(dataDir, 'run'))).toEqual([])
  })

  it('carries on at the next start with every state as it was', async () => {
    const before = Date.now()
    running = await startTocsin(dataDir, port)
    expect(running.output()).toContain(`example monitors: 0 applied, ${exampleCount} as they were`)
    expect(running.output()).not.toMatch(/[0-9a-f]{32}/)
    await expectKept(running.client, before)
  })

  it('carries on, too, after the whole of it was killed in the middle of its work', async () => {
    const orphans = childrenOf(dataDir)
    const before = Date.now()
    process.kill(supervisorOf(dataDir), 'SIGKILL')
    await running.exited
    running = await startTocsin(dataDir, port)
    expect(running.output()).toContain('left by a start that was killed')
    for (const { pid, identity } of orphans) expect(identify(pid)).not.toBe(identity)
    await expectKept(running.client, before)
  })

  it('refuses a second start on the same data, and says who has it', async () => {
    const second = runCommand('up', { TOCSIN_DATA_DIR: dataDir, PORT: String(await freePort()) })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain(`already runs on ${dataDir} (process ${supervisorOf(dataDir)})`)
    expect((await running.client.request('GET', '/ready')).status).toBe(200)
  })

  /** Same monitors, same transitions, still alerting, and evaluated again since. */
  async function expectKept(client: HttpClient, since: number): Promise<void> {
    const lastSlot = z.object({ state: z.object({ lastSlot: z.number() }) })
    const ask = async (): Promise<true | null> => {
      const answer = await client.request('GET', `/api/v2/monitor/${keptId}/state`)
      if (answer.status !== 200) throw new Error(errorsOf(answer))
      return lastSlot.parse(answer.body).state.lastSlot > since ? true : null
    }
    // Where its history can't be replayed, the next full pass of the reconciler, once a minute, starts it again.
    await waitFor(ask, { what: 'an evaluation after the start', timeoutMs: 180_000 })
    const after = await listMonitors(client)
    expect(after).toHaveLength(exampleCount + 1)
    expect(new Set(after.map(({ name }) => name)).size).toBe(exampleCount + 1)
    expect(after.find(({ id }) => id === keptId)?.overall_state).toBe('Alert')
    expect(after.filter(({ overall_state }) => overall_state === 'No Data')).toEqual([])
    expect(await transitionsOf(client, keptId)).toHaveLength(1)
  }
})

describe('npm start with servers of its own named', () => {
  it('starts neither PostgreSQL nor Temporal, and works on those', async () => {
    const folder = temporaryFolder()
    const [database, namespace] = await Promise.all([createTestDatabase(), createTestNamespace()])
    const environment = { DATABASE_URL: database.url, TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: namespace.name }
    const running = await startTocsin(folder.path, await freePort(), environment)
    expect(childrenOf(folder.path).map(({ name }) => name)).toEqual(['api', 'workers', 'sampler'])
    const { rows } = await database.pool.query<{ count: number }>('select count(*)::int as count from monitors')
    expect(rows[0]?.count).toBe(exampleCount)
    running.interrupt()
    expect(await running.exited, running.output()).toBe(0)
    await namespace.close()
    await database.drop()
    folder.remove()
  })
})

describe('npm start without its port', () => {
  it('says which port is taken and what to do, and starts nothing', async () => {
    const folder = temporaryFolder()
    const squatter = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve))
    const command = runCommand('up', { TOCSIN_DATA_DIR: join(folder.path, 'data'), PORT: String(port) })
    expect(await command.exited).toBe(1)
    expect(command.output()).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is taken[\\s\\S]*PORT=\\d+ npm start`))
    await new Promise((resolve) => squatter.close(resolve))
    folder.remove()
  })
})

async function listMonitors(client: HttpClient): Promise<Monitors> {
  const answer = await client.request('GET', '/api/v1/monitor')
  if (answer.status !== 200) throw new Error(errorsOf(answer))
  return monitors.parse(answer.body)
}

/** A window of an hour, so that one point keeps it in Alert over everything that this file does. */
async function createKeptMonitor(client: HttpClient): Promise<number> {
  const points = [{ timestamp: Math.floor(Date.now() / 1000), value: 5 }]
  const pushed = await client.request('POST', '/api/v2/series', { series: [{ metric: 'e2e.kept', type: 3, points }] })
  if (pushed.status >= 300) throw new Error(errorsOf(pushed))
  const created = await client.request('POST', '/api/v1/monitor', {
    name: kept,
    type: 'query alert',
    query: 'max(last_1h):max:e2e.kept{*} > 1',
    message: '@log',
    options: { thresholds: { critical: 1 }, interval: 2 },
  })
  if (created.status >= 300) throw new Error(errorsOf(created))
  return z.object({ id: z.number() }).parse(created.body).id
}

async function waitForState(client: HttpClient, id: number, state: string): Promise<void> {
  const ask = async (): Promise<true | null> =>
    (await listMonitors(client)).some((monitor) => monitor.id === id && monitor.overall_state === state) ? true : null
  await waitFor(ask, { what: `monitor ${id} to become ${state}`, timeoutMs: 60_000 })
}

async function transitionsOf(client: HttpClient, id: number): Promise<readonly unknown[]> {
  const answer = await client.request('GET', `/api/v2/monitor/${id}/transitions`)
  if (answer.status !== 200) throw new Error(errorsOf(answer))
  return z.object({ transitions: z.array(z.unknown()) }).parse(answer.body).transitions
}
