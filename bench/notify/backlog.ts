import { setTimeout as delay } from 'node:timers/promises'
import type { NotificationJob } from '../../activities/notification-ports.ts'
import { type Queryable, transaction } from '../../adapters/postgres/pool.ts'
import { insertCommit, insertJob } from '../../test/support/insert-job.ts'
import { notificationSubject, toldTransition } from '../../test/support/notification-job.ts'
import { cpuMs } from '../loop/proc.ts'
import { type Stage, withStage } from './stage.ts'

export type Backlog = Readonly<{ deliveriesPerSecond: number; cpuMsPerDelivery: number; bareMessagesPerSecond: number }>

const receivers = 4
const monitors = 100
const commitsPerMonitor = 5
/** As many as are told one by one. */
const groupsPerCommit = 20
const messages = monitors * commitsPerMonitor * groupsPerCommit
/** Bare requests are quick: enough of them for some seconds. */
const bareMessages = 10_000
/** As the engine has it by default. */
const concurrency = 4
/** At fifty a second it would be too slow to be called delivering. */
const deadlineMs = 200_000

/** What was committed and nobody planned yet, until the last message of it has arrived; and bare requests of the same size. */
export async function measureBacklog(codePath: string, say: (line: string) => void): Promise<Backlog> {
  return withStage({ codePath, receivers, say }, async (stage) => {
    await commitAll(stage)
    say(`${messages} messages committed`)
    const cpuBefore = cpuMs(stage.workerPid)
    const startedAt = performance.now()
    for (let index = 0; index < monitors; index += 1) {
      await stage.runtime.startNotify(monitorIdOf(index), commitsPerMonitor * groupsPerCommit)
    }
    const arrived = (): number => stage.hooks.reduce((sum, { taken }) => sum + taken().length, 0)
    while (arrived() < messages) {
      if (performance.now() - startedAt > deadlineMs) throw new Error(`only ${arrived()} of ${messages} messages arrived`)
      await delay(50)
    }
    const elapsedMs = performance.now() - startedAt
    const cpu = cpuMs(stage.workerPid) - cpuBefore
    const ids = new Set(stage.hooks.flatMap(({ taken }) => taken().map(({ id }) => id)))
    if (ids.size !== messages) throw new Error(`${messages} messages with only ${ids.size} ids`)
    say(`${((messages / elapsedMs) * 1_000).toFixed(0)}/s; bare requests`)
    return {
      deliveriesPerSecond: (messages / elapsedMs) * 1_000,
      cpuMsPerDelivery: cpu / messages,
      bareMessagesPerSecond: await measureBare(stage),
    }
  })
}

const monitorIdOf = (index: number): number => 1_001 + index

async function commitAll({ pool, handles }: Stage): Promise<void> {
  // One transaction, for each of them waits for the disk.
  await transaction(pool, async (db) => {
    await commitIn(db, handles)
    // The reconciler is to start none of them: what they tell is written down.
    await db.query('update monitors set deleted_at = now(), stopped_at = now()')
  })
}

async function commitIn(db: Queryable, handles: readonly string[]): Promise<void> {
  for (let index = 0; index < monitors; index += 1) {
    const monitorId = monitorIdOf(index)
    const subject = notificationSubject({ monitorId, message: `{{host.name}} is at {{value}} ${handles[index % handles.length]}` })
    for (let commit = 0; commit < commitsPerMonitor; commit += 1) {
      const transitions = Array.from({ length: groupsPerCommit }, (_, nth) => {
        const sequence = commit * groupsPerCommit + nth + 1
        return toldTransition({ sequence, group: `host:web-${sequence}` })
      })
      const job: NotificationJob = { monitorId, sequence: (commit + 1) * groupsPerCommit, subject, transitions }
      await (commit === 0 ? insertJob(db, job) : insertCommit(db, job))
    }
  }
}

async function measureBare({ hooks, ask }: Stage): Promise<number> {
  const sizes = hooks.flatMap(({ taken }) => taken().map(({ bytes }) => bytes))
  const body = 'x'.repeat(Math.round(sizes.reduce((sum, bytes) => sum + bytes, 0) / sizes.length))
  const urls = hooks.map(({ url }) => url)
  const { elapsedMs } = await ask({ kind: 'post', urls, posts: bareMessages, concurrency, body })
  return (bareMessages / elapsedMs) * 1_000
}
