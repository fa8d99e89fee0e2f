/** A listening API over a real PostgreSQL and monitors that run in memory only. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inject } from 'vitest'
import { createPool, type Pool } from '../../adapters/postgres/pool.ts'
import { seedKeys } from '../../adapters/postgres/queries/keys.ts'
import { createApp } from '../../api/app.ts'
import type { AppDeps, MonitorControl } from '../../api/deps.ts'
import { httpServer } from '../../api/http-server.ts'
import type { LookAnswer, LookAsk } from '../../core/look/ask.ts'
import type { RuntimeMonitor } from '../../core/monitor/spec-types.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { documented } from '../support/documented.ts'
import { testSecrets } from '../support/secrets.ts'

export const keys = { apiKey: 'api-key-of-the-tests', appKey: 'application-key-of-the-tests' } as const
export const bothKeys = { 'dd-api-key': keys.apiKey, 'dd-application-key': keys.appKey } as const

/** Whatever JSON an answer holds: tests look into it freely. */
export type Json = ReturnType<typeof JSON.parse>

export type Answer = Readonly<{ status: number; headers: Headers; text: string; body: Json }>

export type Api = Readonly<{
  url: string
  deps: AppDeps
  pool: Pool
  control: FakeControl
  events: { level: string; event: string; fields: Record<string, unknown> }[]
  /** With both keys, unless headers are given. */
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  /** Name of the database, and statements from outside of it. */
  database: string
  admin: (sql: string) => Promise<void>
  close: () => Promise<void>
}>

export async function startApi(overrides: Partial<AppDeps> = {}): Promise<Api> {
  const database = await createTestDatabase()
  await seedKeys(database.pool, keys)
  return listen(database, overrides)
}

async function listen(database: TestDatabase, overrides: Partial<AppDeps>): Promise<Api> {
  const pool = createPool(database.url)
  const control = fakeControl()
  const events: Api['events'] = []
  const note = (level: string) => (fields: object, event: string) => {
    events.push({ level, event, fields: { ...fields } })
  }
  const admin = createPool(inject('postgresUrl'), { max: 1 })
  const deps: AppDeps = {
    pool,
    control,
    temporalReachable: async () => control.reachable(),
    log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    metrics: (_req, res) => {
      res.type('text/plain').send('# metrics\n')
    },
    observe: (_req, _res, next) => next(),
    clock: Date.now,
    secrets: testSecrets,
    ...overrides,
  }
  const { app, problems } = documented(createApp(deps), ['POST /api/v2/monitor/backtest → 200'])
  const server = httpServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${portOf(server)}`
  return {
    url,
    deps,
    pool,
    control,
    events,
    send: (method, path, body, headers = bothKeys) => send(url, method, path, body, headers),
    database: new URL(database.url).pathname.slice(1),
    admin: async (sql) => {
      await admin.query(sql)
    },
    close: async () => {
      await admin.end()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      if (!pool.ended) await pool.end()
      await database.drop()
      // Whatever was answered, in whichever test, is as the document says.
      if (problems.length > 0) throw new Error(`answers that the OpenAPI document doesn't have:\n${problems.join('\n')}`)
    },
  }
}

async function send(url: string, method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parsed(text) }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

/** How many rows there are that a write could have made. */
export async function rowCounts(pool: Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query(
    `select (select count(*) from monitors) as monitors, (select count(*) from monitor_versions) as versions,
       (select count(*) from audit_events where not detail ? 'outcome') as audit,
       (select count(*) from audit_events where detail ? 'outcome') as asked, (select coalesce(sum(version), 0)::bigint from monitors) as version_sum,
       (select count(*) from monitors where deleted_at is null) as live`,
  )
  return rows[0]
}

export type FakeControl = MonitorControl &
  Readonly<{
    running: Map<number, RuntimeMonitor & { paused: boolean }>
    /** Receivers whose lanes were woken, in order. */
    woken: string[]
    /** From now on every call fails as if Temporal were away; `hanging` never answers. */
    goAway: (how?: 'refusing' | 'hanging') => void
    comeBack: () => void
    reachable: () => boolean
  }>

/** What a source might say to people who look; what it was asked stands in its words. */
function looked(ask: LookAsk): LookAnswer {
  if (ask.kind === 'complete') {
    const { text, of, name, key } = ask.question.words
    return { kind: 'completed', completion: { source: 'intake', words: [`${of} ${name} ${key} ${text}`], more: false, note: null } }
  }
  const { definition, fromMs, points } = ask.question
  if (definition.query.includes('away')) return { kind: 'refused', why: 'away', reason: 'unreachable: nobody listens' }
  if (definition.query.includes('impossible')) return { kind: 'refused', why: 'bad', reason: 'no source evaluates this' }
  const group = { group: '*', values: [1, null], last: null }
  const thresholds = { critical: 90, warning: null, criticalRecovery: null, warningRecovery: null }
  const drawn = { startMs: fromMs, stepMs: 60_000, points, groups: [group], groupsLeftOut: 0, comparator: '>', thresholds } as const
  return { kind: 'drawn', drawing: { ...drawn, levels: false, unit: 'percent', source: 'intake', notes: [] } }
}

class Coded extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Monitors that run in memory: started, told and stopped for real, evaluated never. */
export function fakeControl(): FakeControl {
  const running: FakeControl['running'] = new Map()
  const woken: string[] = []
  let away: 'refusing' | 'hanging' | null = null
  const reach = async (): Promise<void> => {
    if (away === 'hanging') await new Promise(() => {})
    if (away === 'refusing') throw new Coded('runtime-unavailable', 'Temporal gave no answer: connection refused')
  }
  const monitor = async (id: number): Promise<RuntimeMonitor & { paused: boolean }> => {
    await reach()
    const found = running.get(id)
    if (found === undefined) throw new Coded('monitor-not-running', `monitor ${id} has no running workflow yet`)
    return found
  }
  const run = async (started: RuntimeMonitor): Promise<void> => {
    await reach()
    running.set(started.monitorId, { paused: false, ...running.get(started.monitorId), ...started })
  }
  return {
    running,
    woken,
    goAway: (how = 'refusing') => {
      away = how
    },
    comeBack: () => {
      away = null
    },
    reachable: () => away === null,
    start: run,
    respecify: run,
    wakeLane: async (receiver) => {
      await reach()
      woken.push(receiver)
    },
    stop: async (id) => {
      await reach()
      running.delete(id)
    },
    resolve: async (id, groups) => {
      await monitor(id)
      return { resolved: groups === '*' ? ['*'] : groups }
    },
    acknowledge: async (id, { groups }) => {
      await monitor(id)
      if (groups.includes('host:ok')) throw new Coded('monitor-refused', 'host:ok is OK: there is nothing to acknowledge')
      return groups === '*' ? ['host:a', 'host:b'] : groups
    },
    evaluateNow: async (id) => {
      await monitor(id)
      return { slot: 60_000, outcome: 'evaluated', overall: 'OK', transitions: 0 }
    },
    pause: async (id) => {
      Object.assign(await monitor(id), { paused: true })
    },
    resume: async (id) => {
      Object.assign(await monitor(id), { paused: false })
    },
    backtest: async ({ definition, time }, cancelled) => {
      const ended = new Promise((resolve) => cancelled.addEventListener('abort', resolve, { once: true }))
      await Promise.race([reach(), ended])
      const answer: Json = { monitor: { id: definition.monitorId }, definition, time }
      return answer
    },
    look: async (ask) => {
      await reach()
      const answer: Json = looked(ask)
      return answer
    },
    state: async (id) => {
      const { paused, version } = await monitor(id)
      const answer: Json = { state: { paused, spec: { version } }, ledger: {} }
      return answer
    },
  }
}
