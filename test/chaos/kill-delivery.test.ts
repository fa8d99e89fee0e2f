/**
 * The processes that plan and deliver die by SIGKILL while a thousand notifications are under way: at any moment, while a plan is
 * written, and between a receiver's answer and its record. Each is told, nothing is told in another order, and what comes twice comes
 * under the same id.
 * Read next: kill-worker.test.ts, where the whole loop dies; test/support/scripted-crew.ts.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReceiver } from '../../adapters/postgres/queries/receivers.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { insertCommit, insertJob } from '../support/insert-job.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'
import { insist } from '../support/scripted-chaos.ts'
import { type ScriptedCrew, startScriptedCrew, type Trap } from '../support/scripted-crew.ts'
import { mixed } from '../support/scripted-random.ts'
import { scriptedConfig } from '../support/scripted-worker.ts'
import { quietRuntime } from '../support/temporal.ts'
import { toldOf } from '../support/told-once.ts'
import { until } from '../support/until.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)
const monitors = 25
const commitsPerMonitor = 5
/** Of a commit: groups that are new and tell once, 25 × 5 × 8 = 1,000 notifications that nothing can be merged with … */
const fresh = 8
/** … and groups that get worse and well in turns, for the order. */
const changing = 2
const groups = fresh + changing
const receivers = ['webhook-a', 'webhook-b', 'webhook-c', 'webhook-d', 'webhook-e'] as const
/** 125 commits in some twenty seconds. */
const pauseMs = 150
/** A worker needs a second to come up; then it lives about as long again. */
const lifeMaxMs = 3_000
const killsMin = 10

const folder = temporaryFolder()
let database: TestDatabase
let namespace: TestNamespace
let runtime: TemporalMonitorRuntime
let hooks: HookServer
let crew: ScriptedCrew

beforeAll(async () => {
  quietRuntime()
  console.log(`seed ${seed}: TOCSIN_TEST_SEED repeats it`)
  ;[database, namespace] = await Promise.all([createTestDatabase(), createTestNamespace()])
  // An answer takes its time, so that deaths fall on messages that are on their way; one in twenty is a failure.
  hooks = await startHookServer((res, attempt) => {
    const status = mixed(seed, attempt, 2) % 20 === 0 ? 503 : 200
    void delay(5 + (mixed(seed, attempt, 1) % 40)).then(() => res.writeHead(status).end())
  })
  for (const name of receivers) {
    const config = { url: `${hooks.url}/${name}`, custom_headers: null, encode_as: 'json', secret: null }
    await createReceiver(database.pool, { name, kind: 'webhook', config })
  }
  const [bundlePath, logPath] = [join(folder.path, 'workflows.js'), join(folder.path, 'notifications.jsonl')]
  writeFileSync(bundlePath, (await bundleWorkflows()).code)
  writeFileSync(logPath, '')
  const { address, name } = namespace
  runtime = createMonitorRuntime(namespace.client, scriptedConfig(address, name))
  crew = startScriptedCrew(
    2,
    { databaseUrl: database.url, address, namespace: name, otherNamespace: null, bundlePath, logPath, seed },
    trapOf,
  )
  await runtime.startReconcile()
})
afterAll(async () => {
  await crew?.stop()
  await hooks?.close()
  await namespace?.close()
  await database?.drop()
  folder.remove()
})

/** Of each three workers one waits to be shot, one dies with a message that it doesn't write down, one while it plans. */
function trapOf(nth: number): Trap {
  if (nth % 3 === 0) return null
  return nth % 3 === 1
    ? { point: 'delivered', count: 1 + (mixed(seed, nth) % 40) }
    : { point: 'planning', count: 1 + (mixed(seed, nth) % 8) }
}

test('a thousand notifications, delivered by processes that are killed, are each told, in order, and under one id', async () => {
  const begunMs = Date.now()
  const commits = commitAll()
  await killUntil(commits)
  const chaosMs = Date.now() - begunMs
  crew.disarm()
  for (const monitorId of ids()) {
    await until(`monitor ${monitorId} told`, async () => isTold(monitorId), 90_000)
  }
  for (const monitorId of ids()) {
    const told = await toldOf(database.pool, monitorId, receiverOf(monitorId))
    expect(told, `monitor ${monitorId}`).toMatchObject({
      toTell: groups * commitsPerMonitor,
      told: groups * commitsPerMonitor,
      toldTwice: 0,
    })
  }
  const arrived = arrivals()
  expect(new Set(arrived.filter(({ chain }) => chain.includes('host:new-')).map(({ id }) => id)).size).toBe(1_000)
  expectOrder(arrived)
  const bodies = new Map<string, Set<string>>()
  for (const { id, body } of arrived) bodies.set(id, (bodies.get(id) ?? new Set()).add(body))
  expect([...bodies].filter(([, variants]) => variants.size > 1).map(([id]) => id)).toEqual([])
  const { delivered, merged } = await storedIds()
  expect([...delivered].filter((id) => !bodies.has(id))).toEqual([])
  expect([...bodies.keys()].filter((id) => !delivered.has(id) && !merged.has(id))).toEqual([])
  const report = { seed, kills: crew.deaths(), chaosMs, totalMs: Date.now() - begunMs, requests: arrived.length, ids: bodies.size }
  console.log(JSON.stringify({ ...report, messages: delivered.size, merged: merged.size }))
})

const ids = (): number[] => Array.from({ length: monitors }, (_, index) => 30_001 + index)
const receiverOf = (monitorId: number): string => receivers[monitorId % receivers.length] ?? receivers[0]

/** All monitors in turn. */
async function commitAll(): Promise<void> {
  for (let commit = 0; commit < commitsPerMonitor; commit += 1) {
    const [from, to] = commit % 2 === 0 ? (['OK', 'Alert'] as const) : (['Alert', 'OK'] as const)
    for (const monitorId of ids()) {
      const subject = notificationSubject({ monitorId, message: `{{host.name}} is at {{value}} @${receiverOf(monitorId)}` })
      const transitions = Array.from({ length: groups }, (_, index) => {
        const sequence = commit * groups + index + 1
        return index < changing
          ? toldTransition({ sequence, group: `host:${index}`, from, to })
          : toldTransition({ sequence, group: `host:new-${sequence}` })
      })
      const job = { monitorId, sequence: (commit + 1) * groups, subject, transitions }
      await (commit === 0 ? insertJob(database.pool, job) : insertCommit(database.pool, job))
      // Nobody is to evaluate it: what it tells is written down here.
      await database.pool.query('update monitors set deleted_at = now(), stopped_at = now() where id = $1', [monitorId])
      await insist(`notify ${monitorId}`, () => runtime.startNotify(monitorId, job.sequence))
      await delay(pauseMs)
    }
  }
}

/** At any moment of what is committed meanwhile, and until enough died of each cause. */
async function killUntil(commits: Promise<void>): Promise<void> {
  let committed = false
  const done = commits.then(() => {
    committed = true
  })
  const seenAt = new Map<number, number>()
  const check = (): boolean => {
    for (const { pid, trapped } of crew.polling()) {
      if (!seenAt.has(pid)) seenAt.set(pid, Date.now())
      // One with a trap gets the time to come to it.
      const lifeMs = (trapped ? 3 : 1) * lifeMaxMs * (0.2 + 0.8 * (mixed(seed, pid) / 0x1_0000_0000))
      if (Date.now() - (seenAt.get(pid) ?? 0) > lifeMs) crew.kill(pid)
    }
    const { any, delivered, planning } = crew.deaths()
    return committed && any + delivered + planning >= killsMin
  }
  await Promise.all([done, until(`${killsMin} kills`, check, 120_000)]).catch((error: unknown) => {
    throw new Error(`killed so far: ${JSON.stringify(crew.deaths())}, all committed: ${committed}`, { cause: error })
  })
}

async function isTold(monitorId: number): Promise<boolean> {
  const { told, toTell, open } = await toldOf(database.pool, monitorId, receiverOf(monitorId))
  return told === toTell && open === 0
}

type Arrival = Readonly<{ id: string; body: string; chain: string; sequence: number }>

/** Requests as they came, those that were answered with a failure included. */
function arrivals(): Arrival[] {
  return hooks.hooks().map(({ headers, path, body }) => {
    const { monitor, group, transition } = JSON.parse(body)
    return { id: headers['webhook-id'] ?? '', body, chain: `${path} ${monitor.id} ${group.key}`, sequence: transition.sequence }
  })
}

/** Nothing of a group comes after what followed it, repeats included. */
function expectOrder(arrived: readonly Arrival[]): void {
  const last = new Map<string, number>()
  for (const { chain, sequence } of arrived) {
    expect(sequence, chain).toBeGreaterThanOrEqual(last.get(chain) ?? 0)
    last.set(chain, sequence)
  }
}

/** Ids of the messages that webhooks were sent, and of those that a later one tells. */
async function storedIds() {
  const { rows } = await database.pool.query<{ id: string; status: string }>(
    `select concat_ws('_', 'msg', d.monitor_id, d.transition_sequence, t.slot, d.receiver) as id, d.status
     from deliveries d join transitions t on t.monitor_id = d.monitor_id and t.sequence = d.transition_sequence
     where d.receiver <> 'log'`,
  )
  const named = (status: string): Set<string> => new Set(rows.filter((row) => row.status === status).map(({ id }) => id))
  return { delivered: named('delivered'), merged: named('merged') }
}
