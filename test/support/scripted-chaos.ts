import type { StateAnswer } from '../../workflows/messages.ts'
import { mixed } from './scripted-random.ts'
import { type Stage, specOf } from './scripted-stage.ts'
import { until } from './until.ts'

/**
 * Of how long a worker took to come up, a second on two cores that nobody else uses; then it lives up to so many times as long, one with a
 * trap long enough to come to it. On a busy machine lives of fixed lengths would end before much is done: slots would be judged a minute
 * late, and what is told late is told otherwise.
 */
const lifeMax = { shot: 2.5, trapped: 10 } as const
const comingUpMinMs = 1_000
/** Thirty seconds on two cores that nobody else uses. */
const chaosDeadlineMs = 300_000
const meanwhileEveryMs = 500

/** Kills workers until `killsMin` have died, at least once at each point; `meanwhile` runs twice a second. */
export async function killWorkers({ seed, crew }: Stage, killsMin: number, meanwhile: (nth: number) => Promise<void>): Promise<void> {
  const seenAt = new Map<number, number>()
  let nth = 0
  let at = Date.now()
  await until(
    `${killsMin} kills, each kind among them`,
    async () => {
      const now = Date.now()
      for (const { pid, cameUpInMs, trapped } of crew.polling()) {
        const longestMs = Math.max(cameUpInMs, comingUpMinMs) * (trapped ? lifeMax.trapped : lifeMax.shot)
        const lifeMs = longestMs * (0.2 + 0.8 * (mixed(seed, pid) / 0x1_0000_0000))
        if (!seenAt.has(pid)) seenAt.set(pid, now)
        if (now - (seenAt.get(pid) ?? now) > lifeMs) crew.kill(pid)
      }
      if (now - at > meanwhileEveryMs) {
        at = now
        nth += 1
        await meanwhile(nth)
      }
      const deaths = Object.values(crew.deaths())
      return deaths.reduce((sum, count) => sum + count, 0) >= killsMin && deaths.every((count) => count > 0)
    },
    chaosDeadlineMs,
  )
}

/** All caught up with the present and with every edit, then paused so that nothing moves any more, then everything told. */
export async function settle(stage: Stage): Promise<ReadonlyMap<number, StateAnswer>> {
  stage.crew.disarm()
  for (const { monitorId } of stage.watched) await caughtUp(stage, monitorId)
  await Promise.all(stage.watched.map(({ monitorId }) => insist(`pause monitor ${monitorId}`, () => stage.runtime.pause(monitorId))))
  const answers = new Map<number, StateAnswer>()
  for (const { monitorId } of stage.watched) {
    const paused = await until(`monitor ${monitorId} paused`, async () => {
      const answer = await stage.runtime.state(monitorId).catch(() => undefined)
      return answer?.state.paused === true && answer
    })
    answers.set(monitorId, paused)
  }
  await until('everything told', async () => (await untold(stage)).length === 0, 90_000).catch(async (error: unknown) => {
    throw new Error(`still open: ${JSON.stringify(await untold(stage))}`, { cause: error })
  })
  return answers
}

/** A call that a busy server doesn't answer in its two seconds is made again. */
export async function insist(what: string, call: () => Promise<void>): Promise<void> {
  await until(what, () =>
    call().then(
      () => true,
      () => false,
    ),
  )
}

async function caughtUp({ pool, runtime }: Stage, monitorId: number): Promise<void> {
  const { version, intervalMs } = await specOf(pool, monitorId)
  let seen: unknown = 'nothing'
  const check = async (): Promise<boolean> => {
    const answer = await runtime.state(monitorId).catch((error: unknown) => {
      seen = error
      return undefined
    })
    if (answer === undefined) return false
    const { state, ledger } = answer
    const lateMs = Date.now() - state.lastSlot
    seen = { version: state.spec.version, lateMs, ...ledger, recent: [] }
    return state.spec.version === version && lateMs < 2 * intervalMs + 500
  }
  await until(`monitor ${monitorId} caught up`, check, 90_000).catch((error: unknown) => {
    throw new Error(`monitor ${monitorId}, version ${version}, every ${intervalMs} ms, is at ${JSON.stringify(seen)}`, { cause: error })
  })
}

async function untold({ pool }: Stage): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select n.monitor_id, n.sequence, n.planned_at, d.receiver, d.status, d.attempts, d.last_detail
     from notifications n left join deliveries d on d.monitor_id = n.monitor_id and d.sequence = n.sequence
     where n.planned_at is null or d.status not in ('delivered', 'merged') order by 1, 2`,
  )
  return rows
}
