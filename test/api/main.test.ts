/** The real process: what it needs, what it does without, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { freePort } from '../../cli/up/port.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createTestNamespace } from '../support/namespace.ts'
import { bothKeys, type Json, keys } from './harness.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

type Started = Readonly<{ url: string; child: ChildProcess; output: () => string; exit: Promise<number | null> }>

async function start(environment: Record<string, string> = {}): Promise<Started> {
  const port = await freePort()
  const child = spawn(process.execPath, ['api/main.ts'], {
    env: {
      PORT: String(port),
      DATABASE_URL: database.url,
      TOCSIN_API_KEY: keys.apiKey,
      TOCSIN_APP_KEY: keys.appKey,
      // Nothing listens there.
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const exit = once(child, 'exit').then(([code]) => code)
  return { url: `http://127.0.0.1:${port}`, child, output: () => output, exit }
}

async function answerOf(started: Started, method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${started.url}${path}`, {
    method,
    headers: { ...bothKeys, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

const untilReady = (started: Started): Promise<void> =>
  expect
    .poll(
      () =>
        fetch(`${started.url}/ready`).then(
          (response) => response.status,
          () => started.output(),
        ),
      { timeout: 30_000 },
    )
    .toBe(200)

const load = { type: 'query alert', name: 'Load', query: 'avg(last_5m):avg:system.load.1{*} > 4', message: 'x' }

test('without Temporal it starts, takes definitions, says what is missing, and ends when told to', async () => {
  const api = await start()
  await untilReady(api)
  expect(await answerOf(api, 'GET', '/ready')).toMatchObject({ status: 200, body: { postgres: 'reachable', temporal: 'unreachable' } })
  const created = await answerOf(api, 'POST', '/api/v1/monitor', load)
  expect(created.status).toBe(200)
  expect(await answerOf(api, 'GET', `/api/v2/monitor/${created.body.id}/state`)).toMatchObject({
    status: 503,
    body: { errors: [expect.stringMatching(/^Temporal gave no answer/)] },
  })
  const metrics = await fetch(`${api.url}/metrics`).then((response) => response.text())
  expect(metrics).toContain('tocsin_http_request_duration_seconds')
  api.child.kill('SIGTERM')
  expect(await api.exit, api.output()).toBe(0)
  expect(api.output()).not.toMatch(new RegExp(`${keys.apiKey}|${keys.appKey}`))
})

test('with Temporal the workflow is there once the request is answered', async () => {
  const namespace = await createTestNamespace()
  const api = await start({ TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: namespace.name })
  await untilReady(api)
  const { body } = await answerOf(api, 'POST', '/api/v1/monitor', load)
  const described = await namespace.client.workflow.getHandle(workflowIdOf(body.id)).describe()
  expect(described).toMatchObject({ type: 'monitor', status: { name: 'RUNNING' } })
  api.child.kill('SIGINT')
  expect(await api.exit, api.output()).toBe(0)
  await namespace.close()
})

test('a port that is taken ends it at once, with the reason', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const api = await start({ PORT: String(port) })
  expect(await api.exit).toBe(2)
  expect(api.output()).toContain('EADDRINUSE')
  other.close()
})

test('a wrong setting ends it at once, and names the variable', async () => {
  const api = await start({ PORT: 'eighty' })
  expect(await api.exit).toBe(2)
  expect(api.output()).toContain('PORT')
})

test('it waits for PostgreSQL', async () => {
  const api = await start({ DATABASE_URL: 'postgresql://tocsin@127.0.0.1:1/tocsin' })
  await expect.poll(() => api.output(), { timeout: 20_000 }).toContain('waiting-for-postgres')
  api.child.kill('SIGTERM')
  expect(await api.exit, api.output()).toBe(0)
})
