import { setTimeout as delay } from 'node:timers/promises'
import { insertMonitor } from '../../test/support/insert-monitor.ts'
import { startPaced } from '../loop/fleet.ts'
import { cpuMs } from '../loop/proc.ts'
import { quantile } from '../loop/samples.ts'
import type { Receipt } from './hooks.ts'
import { flappingQuery } from './source.ts'
import { type Stage, withStage } from './stage.ts'

export type Steady = Readonly<{
  notificationsPerSecond: number
  slotToReceiptP50Ms: number
  slotToReceiptP99Ms: number
  slotToReceiptMaxMs: number
  cpuMsPerNotification: number
}>

const receivers = 4
const intervalMs = 10_000
/** Each tells of all its groups at each slot, spread over the interval. */
const monitors = 100
const groups = 10
const perSecond = (monitors * groups * 1_000) / intervalMs
/** Each has told twice and is on its own schedule. */
const warmUpMs = 25_000
const windowMs = 60_000
const expected = (perSecond * windowMs) / 1_000
/** What isn't there by then is lost. */
const graceMs = 30_000

/** Monitors that evaluate and change all the time, each change told: from the time of its slot to its arrival. */
export async function measureSteady(codePath: string, say: (line: string) => void): Promise<Steady> {
  return withStage({ codePath, receivers, say }, async (stage) => {
    await startFleet(stage)
    await delay(warmUpMs)
    const fromMs = Date.now()
    const cpuBefore = cpuMs(stage.workerPid)
    const before = arrivals(stage).length
    say(`${monitors} monitors; ${windowMs / 1_000} s of ${perSecond} notifications a second`)
    await delay(windowMs)
    const cpu = cpuMs(stage.workerPid) - cpuBefore
    const meanwhile = arrivals(stage).length - before
    const { latenciesMs, messages } = await latenciesOf(stage, fromMs)
    say(`${messages} messages for ${latenciesMs.length} transitions`)
    return {
      notificationsPerSecond: latenciesMs.length / (windowMs / 1_000),
      slotToReceiptP50Ms: quantile(latenciesMs, 0.5),
      slotToReceiptP99Ms: quantile(latenciesMs, 0.99),
      slotToReceiptMaxMs: quantile(latenciesMs, 1),
      cpuMsPerNotification: cpu / meanwhile,
    }
  })
}

async function startFleet({ pool, runtime, handles }: Stage): Promise<void> {
  const ids: number[] = []
  for (let index = 0; index < monitors; index += 1) {
    const spec = { name: `flapping ${index}`, type: 'query alert', query: flappingQuery(groups, intervalMs), tags: [], priority: null }
    const message = `{{host.name}} is at {{value}} ${handles[index % handles.length]}`
    const options = { interval: intervalMs / 1_000, new_group_delay: 0, thresholds: { critical: 90 } }
    ids.push(await insertMonitor(pool, spec, { message, options }))
  }
  await startPaced(ids, (monitorId) =>
    runtime.start({ monitorId, version: 1, type: 'query alert', name: `flapping ${monitorId}`, priority: null, tags: [] }),
  )
}

/** Of all that was decided at the window's slots: each must be told, by a message that arrived, and once. */
async function latenciesOf(stage: Stage, fromMs: number): Promise<Told> {
  const deadline = performance.now() + graceMs
  for (;;) {
    const told = await toldIn(stage, fromMs)
    if (told.latenciesMs.length >= expected) return told
    if (performance.now() > deadline) throw new Error(`only ${told.latenciesMs.length} of ${expected} transitions were told in time`)
    await delay(500)
  }
}

type Told = Readonly<{ latenciesMs: readonly number[]; messages: number }>
type Row = Readonly<{ monitorId: number; sequence: number; slot: number; messageSequence: number }>

async function toldIn(stage: Stage, fromMs: number): Promise<Told> {
  const arrivedAt = new Map(arrivals(stage).map(({ id, atMs }) => [id.split('_').slice(1, 3).join(' '), atMs]))
  const { rows } = await stage.pool.query<Row>(
    `select t.monitor_id as "monitorId", t.sequence, t.slot, d.transition_sequence as "messageSequence"
     from transitions t join deliveries d on d.monitor_id = t.monitor_id and d.status = 'delivered'
       and (d.transition_sequence = t.sequence or d.transition_sequences @> array[t.sequence])
     where t.notify and t.slot >= $1 and t.slot < $2 and d.receiver = any($3)`,
    [fromMs, fromMs + windowMs, stage.handles.map((handle) => handle.slice(1))],
  )
  if (new Set(rows.map(({ monitorId, sequence }) => `${monitorId} ${sequence}`)).size !== rows.length)
    throw new Error('a transition was told twice')
  const latenciesMs = rows.flatMap(({ monitorId, messageSequence, slot }) => {
    const atMs = arrivedAt.get(`${monitorId} ${messageSequence}`)
    return atMs === undefined ? [] : [atMs - slot]
  })
  return { latenciesMs, messages: new Set(rows.map(({ monitorId, messageSequence }) => `${monitorId} ${messageSequence}`)).size }
}

function arrivals({ hooks }: Stage): Receipt[] {
  return hooks.flatMap(({ taken }) => taken())
}
