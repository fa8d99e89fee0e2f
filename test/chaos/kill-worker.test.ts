/**
 * Workers die by SIGKILL at any point of an evaluation, a commit or a delivery, again and again. What PostgreSQL holds
 * afterwards is what one undisturbed run of step() decides: nothing lost, nothing doubled, every slot accounted for.
 * Read next: test/support/scripted-worker.ts (where they die), scripted-monitors.ts (what they watch).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import { messageId } from '../../core/message/id.ts'
import type { MonitorSpec, Transition } from '../../core/monitor/types.ts'
import { slotAtOrBefore, slotsBetween } from '../../core/schedule/slots.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import type { StateAnswer } from '../../workflows/messages.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { type ScriptedCrew, startScriptedCrew, type Trap } from '../support/scripted-crew.ts'
import { type ScriptedMonitor, scriptedMonitors, scriptedWebhook, scriptOf } from '../support/scripted-monitors.ts'
import { mixed, randomOf } from '../support/scripted-random.ts'
import { scriptedConfig, trapPoints } from '../support/scripted-worker.ts'
import { simulate } from '../support/simulate.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)
const monitorsCount = 24
const killsMin = 24
/** A worker needs a second to come up; then it lives about as long again. One with a trap gets the time to come to it. */
const lifeMaxMs = { shot: 2_500, trapped: 10_000 } as const

const editEveryMs = 500
/** Thirty seconds on two cores that nobody else uses. */
const chaosDeadlineMs = 300_000

type Watched = Readonly<{ monitor: ScriptedMonitor; monitorId: number; startedAt: number }>

let database: TestDatabase
let namespace: TestNamespace
let runtime: TemporalMonitorRuntime
let hooks: HookServer
let crew: ScriptedCrew
let watched: readonly Watched[]
const folder = temporaryFolder()
const logPath = join(folder.path, 'notifications.jsonl')

beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
  namespace = await createTestNamespace()
  const config = scriptedConfig(namespace.address, namespace.name)
  runtime = createMonitorRuntime(namespace.client, config)
  hooks = await startHookServer((res, attempt) => {
    // Some first attempts fail: the same message comes again.
    res.writeHead(mixed(seed, attempt) % 10 === 0 ? 503 : 200).end()
  })
  const bundlePath = join(folder.path, 'workflows.js')
  const bundle = await bundleWorkflows()
  writeFileSync(bundlePath, 'code' in bundle ? bundle.code : '')
  writeFileSync(logPath, '')
  watched = await store()
  const input = { databaseUrl: database.url, address: namespace.address, namespace: namespace.name, bundlePath, logPath, seed }
  crew = startScriptedCrew(2, input, trapOf)
})
afterAll(async () => {
  await crew?.stop()
  await hooks?.close()
  await namespace?.close()
  await database?.drop()
  folder.remove()
})

/** Every other worker waits to be shot; of the others each dies at one of the points, after some rounds. */
function trapOf(nth: number): Trap {
  const point = trapPoints[Math.floor(nth / 2) % trapPoints.length]
  return nth % 2 === 0 || point === undefined ? null : { point, count: 1 + (mixed(seed, nth) % 4) }
}

/** Stores the monitors with where they begin, so that what follows is known also if the very first task is killed. */
async function store(): Promise<Watched[]> {
  const config = JSON.stringify({ url: hooks.url, customHeaders: null, encodeAs: 'json', secret: null })
  await database.pool.query("insert into receivers (name, kind, config) values ($1, 'webhook', $2)", [scriptedWebhook, config])
  const startedAt = Date.now()
  const stored: Watched[] = []
  for (const monitor of scriptedMonitors(monitorsCount, Math.floor(startedAt / 1_000) + 20)) {
    const { query, message, options } = monitor
    const spec = { type: 'query alert', name: `scripted ${monitor.index}`, query, tags: [], priority: null }
    const monitorId = await insertMonitor(database.pool, spec, { message, options })
    if (monitor.draft) await database.pool.query("update monitors set draft_status = 'draft' where id = $1", [monitorId])
    const { intervalMs } = await specOf(monitorId)
    await database.pool.query(
      `insert into monitor_state (monitor_id, version, sequence, last_slot, paused, overall, health)
       values ($1, 1, 0, $2, false, 'No Data', '{"kind":"healthy"}')`,
      [monitorId, slotAtOrBefore(monitorId, intervalMs, startedAt) - intervalMs],
    )
    stored.push({ monitor, monitorId, startedAt })
  }
  return stored
}

async function specOf(monitorId: number): Promise<MonitorSpec> {
  const loaded = await monitorStore(database.pool).load(monitorId)
  if (loaded === null) throw new Error(`monitor ${monitorId} is not stored`)
  return loaded.spec
}

test('workers that are killed again and again lose no transition, double none, and leave no slot out', { timeout: 550_000 }, async () => {
  const begunMs = Date.now()
  await runtime.startReconcile()
  for (const { monitorId } of watched) await runtime.start(runtimeMonitor(monitorId, 1))
  await killAndEdit()
  const chaosMs = Date.now() - begunMs
  crew.disarm()
  const answers = await settled()

  const truths: Truth[] = []
  for (const one of watched) truths.push(await expectTruth(one, answers.get(one.monitorId) ?? missing(one.monitorId)))
  expectDelivered(new Set(truths.flatMap(({ messageIds }) => messageIds)))
  const sum = (count: (truth: Truth) => number): number => truths.reduce((total, truth) => total + count(truth), 0)
  const counts = { monitors: watched.length, slots: sum(({ slots }) => slots), transitions: sum(({ transitions }) => transitions) }
  const report = {
    seed,
    kills: crew.deaths(),
    chaosMs,
    totalMs: Date.now() - begunMs,
    ...counts,
    messages: sum((one) => one.messageIds.length),
  }
  console.log(JSON.stringify({ ...report, secondsToDeliver: await secondsToDeliver() }))
})

type Truth = Readonly<{ slots: number; transitions: number; messageIds: readonly string[] }>

/** What one monitor came to is what step() alone comes to. */
async function expectTruth({ monitor, monitorId, startedAt }: Watched, { state, ledger }: StateAnswer): Promise<Truth> {
  const spec = await specOf(monitorId)
  const truth = simulate(spec, startedAt, state.lastSlot, scriptOf(seed, monitor.index))
  expect(await storedTransitions(monitorId), `transitions of monitor ${monitorId}`).toEqual(truth.transitions.map(timeless))
  expect({ ...state, paused: false }, `state of monitor ${monitorId}`).toEqual(truth.state)
  await expectOneNotificationEach(monitorId, truth.transitions)
  const accounted = ledger.evaluated + ledger.caughtUp + ledger.skipped + ledger.failed
  const slots = slotsBetween(monitorId, spec.intervalMs, (ledger.firstSlot ?? 0) - spec.intervalMs, state.lastSlot)
  expect(accounted, `slots of monitor ${monitorId}`).toBe(slots)
  expect(ledger.skipped).toBe(0)
  const told = truth.transitions.filter(({ notify }) => notify.send)
  const messageIds = told.flatMap((transition) => receiversOf(monitor).map((receiver) => messageId(monitorId, transition, receiver)))
  return { slots: truth.asked.length, transitions: truth.transitions.length, messageIds }
}

/** Until enough workers have died, each kind of death at least once; meanwhile definitions get new versions that mean the same. */
async function killAndEdit(): Promise<void> {
  const random = randomOf(seed)
  const seenAt = new Map<number, number>()
  let editedAt = Date.now()
  await until(
    `${killsMin} kills, each kind among them`,
    async () => {
      const now = Date.now()
      shootOld(seenAt, now)
      if (now - editedAt > editEveryMs) {
        editedAt = now
        await edit(watched[Math.floor(random() * watched.length)])
      }
      const deaths = Object.values(crew.deaths())
      return deaths.reduce((sum, count) => sum + count, 0) >= killsMin && deaths.every((count) => count > 0)
    },
    chaosDeadlineMs,
  )
}

function shootOld(seenAt: Map<number, number>, now: number): void {
  for (const { pid, trapped } of crew.polling()) {
    const lifeMs = (trapped ? lifeMaxMs.trapped : lifeMaxMs.shot) * (0.2 + 0.8 * (mixed(seed, pid) / 0x1_0000_0000))
    if (!seenAt.has(pid)) seenAt.set(pid, now)
    if (now - (seenAt.get(pid) ?? now) > lifeMs) crew.kill(pid)
  }
}

/** A new version of the same meaning, told as the API tells it. */
async function edit(one: Watched | undefined): Promise<void> {
  if (one === undefined) return
  const { monitorId } = one
  await database.pool.query(
    `with edited as (update monitors set version = version + 1, modified_at = now() where id = $1 returning id, version)
     insert into monitor_versions (monitor_id, version, definition, changed_by)
     select v.monitor_id, edited.version, v.definition, 'test' from monitor_versions v join edited on edited.id = v.monitor_id and v.version = 1`,
    [monitorId],
  )
  const { version } = await specOf(monitorId)
  await runtime.respecify(runtimeMonitor(monitorId, version))
}

function runtimeMonitor(monitorId: number, version: number) {
  return { monitorId, version, type: 'query alert', name: `scripted ${monitorId}`, priority: null, tags: [] }
}

/** All caught up with the present and with every edit, then paused so that nothing moves any more, then everything told. */
async function settled(): Promise<ReadonlyMap<number, StateAnswer>> {
  const answers = new Map<number, StateAnswer>()
  for (const { monitorId } of watched) {
    const { version, intervalMs } = await specOf(monitorId)
    await until(
      `monitor ${monitorId} caught up`,
      async () => {
        const answer = await runtime.state(monitorId).catch(() => undefined)
        return answer !== undefined && answer.state.spec.version === version && answer.state.lastSlot > Date.now() - 2 * intervalMs - 500
      },
      60_000,
    )
  }
  await Promise.all(watched.map(({ monitorId }) => runtime.pause(monitorId)))
  for (const { monitorId } of watched) {
    const answer = await until(`monitor ${monitorId} paused`, async () => {
      const now = await runtime.state(monitorId).catch(() => undefined)
      return now?.state.paused === true && now
    })
    answers.set(monitorId, answer)
  }
  await until('everything told', async () => (await untold()).length === 0, 90_000).catch(async (error: unknown) => {
    throw new Error(`still open: ${JSON.stringify(await untold())}`, { cause: error })
  })
  return answers
}

async function untold(): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select n.monitor_id, n.sequence, n.planned_at, d.receiver, d.status, d.attempts, d.last_detail
     from notifications n left join deliveries d on d.monitor_id = n.monitor_id and d.sequence = n.sequence
     where n.planned_at is null or d.status <> 'delivered' order by 1, 2`,
  )
  return rows
}

/** Which version decided depends on when an edit was heard: the only thing that may differ. */
function timeless(transition: Transition): Transition {
  return { ...transition, version: 0 }
}

async function storedTransitions(monitorId: number): Promise<Transition[]> {
  const { rows } = await database.pool.query<{ detail: Transition }>(
    'select detail from transitions where monitor_id = $1 order by sequence',
    [monitorId],
  )
  return rows.map(({ detail }) => timeless(detail))
}

/** Commits may hold several slots; each told transition is in the notification of exactly one of them, which its last one names. */
async function expectOneNotificationEach(monitorId: number, transitions: readonly Transition[]): Promise<void> {
  const { rows } = await database.pool.query<{ sequence: number; sequences: number[] }>(
    'select sequence, to_jsonb(transition_sequences) as sequences from notifications where monitor_id = $1 order by sequence',
    [monitorId],
  )
  const told = transitions.filter(({ notify }) => notify.send).map(({ sequence }) => sequence)
  expect(
    rows.flatMap(({ sequences }) => sequences),
    `notifications of monitor ${monitorId}`,
  ).toEqual(told)
  expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map(({ sequences }) => sequences.at(-1)))
}

function receiversOf(monitor: ScriptedMonitor): string[] {
  return monitor.message.includes(scriptedWebhook) ? ['log', scriptedWebhook] : ['log']
}

/** Each message arrived, none that wasn't decided, and whatever came twice came the same. */
function expectDelivered(messageIds: ReadonlySet<string>): void {
  const bodies = new Map<string, Set<string>>()
  for (const { headers, body } of hooks.hooks()) note(bodies, headers['webhook-id'] ?? '', body)
  for (const line of readFileSync(logPath, 'utf8').split('\n').filter(Boolean)) note(bodies, JSON.parse(line).messageId, line)
  expect([...bodies.keys()].sort()).toEqual([...messageIds].sort())
  expect([...bodies].filter(([, variants]) => variants.size > 1)).toEqual([])
}

async function secondsToDeliver(): Promise<unknown> {
  const { rows } = await database.pool.query(
    `select percentile_cont(array[0.5, 0.9, 1]) within group (order by extract(epoch from d.finished_at - t.committed_at)) as seconds
     from deliveries d join transitions t on t.monitor_id = d.monitor_id and t.sequence = d.transition_sequence`,
  )
  return rows[0]?.seconds
}

function note(bodies: Map<string, Set<string>>, id: string, body: string): void {
  bodies.set(id, (bodies.get(id) ?? new Set()).add(body))
}

function missing(monitorId: number): never {
  throw new Error(`monitor ${monitorId} gave no answer`)
}
