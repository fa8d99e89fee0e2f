import { setTimeout as delay } from 'node:timers/promises'
import { insertMonitor } from '../../test/support/insert-monitor.ts'
import { type Told, toldOf } from '../../test/support/told-once.ts'
import { peakBytes } from '../loop/proc.ts'
import { stormQuery } from './source.ts'
import { type Stage, withStage } from './stage.ts'

export type Storm = Readonly<{
  stormLastDeliveryMs: number
  stormSlotToLastDeliveryMs: number
  stormRecoveryLastDeliveryMs: number
  stormRssMb: number
  stormMessages: number
}>

const groups = 10_000
const intervalMs = 5_000
/** On two busy cores; more means that it doesn't come to an end. */
const deadlineMs = 120_000
/** Tries that the other two have failed by then: storm and recovery meet messages that wait. */
const failuresMin = 2

/** All groups of a monitor into Alert in one slot and back in a later one; one receiver is well, one answers 500, one hangs. */
export async function measureStorm(codePath: string, say: (line: string) => void): Promise<Storm> {
  return withStage({ codePath, receivers: 3, say }, async (stage) => {
    const { hooks, pool, ask } = stage
    const monitorId = await startMonitor(stage)
    await wait('all groups to be known', async () => {
      const { rows } = await pool.query<{ count: number }>('select count(*) from monitor_groups where monitor_id = $1', [monitorId])
      return rows[0]?.count === groups
    })
    hooks[1]?.behave(500)
    hooks[2]?.behave('hang')
    await ask({ kind: 'storm', value: 95 })
    await toldAll(stage, monitorId, 0, groups)
    const storm = await delaysOf(stage, monitorId, 'Alert')
    say(`${groups} groups into Alert, told ${storm.afterCommitMs} ms after their commit`)
    await wait('tries at the others', async () => hooks.slice(1).every(({ tries }) => tries() >= failuresMin))
    await ask({ kind: 'storm', value: 10 })
    await toldAll(stage, monitorId, 0, 2 * groups)
    const recovery = await delaysOf(stage, monitorId, 'OK')
    for (const one of hooks) one.behave(200)
    say(`all well again, told ${recovery.afterCommitMs} ms after that commit; waiting for the others`)
    for (const nth of hooks.keys()) await toldAll(stage, monitorId, nth, 2 * groups)
    const counts = await Promise.all(hooks.map((_, nth) => checked(stage, monitorId, nth)))
    return {
      stormLastDeliveryMs: storm.afterCommitMs,
      stormSlotToLastDeliveryMs: storm.afterSlotMs,
      stormRecoveryLastDeliveryMs: recovery.afterCommitMs,
      stormRssMb: peakBytes(stage.workerPid) / 2 ** 20,
      stormMessages: counts.reduce((sum, { messages }) => sum + messages, 0),
    }
  })
}

async function startMonitor({ pool, runtime, handles }: Stage): Promise<number> {
  const spec = { name: 'storm', type: 'query alert', query: stormQuery(groups), tags: [], priority: null }
  const options = { interval: intervalMs / 1_000, new_group_delay: 0, thresholds: { critical: 90 } }
  const monitorId = await insertMonitor(pool, spec, { message: `{{host.name}} is at {{value}} ${handles.join(' ')}`, options })
  await runtime.start({ monitorId, version: 1, type: spec.type, name: spec.name, priority: null, tags: [] })
  return monitorId
}

const nameOf = ({ handles }: Stage, nth: number): string => (handles[nth] ?? '').slice(1)

async function toldAll(stage: Stage, monitorId: number, nth: number, count: number): Promise<void> {
  await wait(`receiver ${nth} to be told of ${count} transitions`, async () => {
    const { told, open } = await toldOf(stage.pool, monitorId, nameOf(stage, nth))
    return told >= count && open === 0
  })
}

/** From the earliest commit of these transitions, and from their slot, to the last message at the receiver that is well. */
async function delaysOf({ pool, hooks }: Stage, monitorId: number, to: 'Alert' | 'OK') {
  const { rows } = await pool.query<{ committed: Date; slot: number }>(
    'select min(committed_at) as committed, min(slot) as slot from transitions where monitor_id = $1 and to_status = $2',
    [monitorId, to],
  )
  const [first] = rows
  const last = hooks[0]?.taken().at(-1)
  if (first === undefined || last === undefined) throw new Error('the storm told nobody')
  return { afterCommitMs: last.atMs - first.committed.getTime(), afterSlotMs: last.atMs - Number(first.slot) }
}

/** Nothing lost, nothing twice, and what PostgreSQL calls delivered did arrive. */
async function checked(stage: Stage, monitorId: number, nth: number): Promise<Told> {
  const told = await toldOf(stage.pool, monitorId, nameOf(stage, nth))
  const ids = new Set(stage.hooks[nth]?.taken().map(({ id }) => id))
  const arrived = stage.hooks[nth]?.taken().length
  const isWhole = told.toTell === 2 * groups && told.told === told.toTell && told.toldTwice === 0
  if (!isWhole || ids.size !== told.messages || arrived !== ids.size) {
    throw new Error(`receiver ${nth}: ${JSON.stringify(told)}, ${arrived} messages of ${ids.size} ids arrived`)
  }
  return told
}

async function wait(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${deadlineMs / 1_000} s`)
    await delay(200)
  }
}
