/** After the last fault: everything is up, caught up, paused, and told. What doesn't come to rest in time is said, not thrown. Read next: check/check.ts. */
import { waitFor } from '../../cli/up/wait.ts'
import type { StateAnswer } from '../../workflows/messages.ts'
import { proxyNames, type Stage, startProcesses, workerNames } from './stage.ts'
import { countUnseen } from './watch.ts'

export type Settled = Readonly<{
  answers: ReadonlyMap<number, StateAnswer>
  /** What didn't come to rest. */
  problems: readonly string[]
}>

/** After half an hour of faults: a queue of some thousand messages, and monitors whose workflows have to be replayed. */
const restMs = 240_000
const callsAtOnce = 16
/** A query may meet a workflow that is replayed right now. */
const triesMax = 8

export async function settle(stage: Stage, monitorIds: readonly number[], say: (line: string) => void): Promise<Settled> {
  const problems: string[] = []
  const rest = async (what: string, check: () => Promise<boolean>): Promise<void> => {
    const ask = async (): Promise<true | null> => ((await check()) ? true : null)
    await waitFor(ask, { what, timeoutMs: restMs, everyMs: 500 }).catch((error: unknown) => {
      problems.push(error instanceof Error ? error.message : String(error))
    })
  }
  for (const name of proxyNames) stage.proxy(name).set('pass')
  for (const worker of workerNames) stage.clocks[worker]?.jump(0)
  stage.disk?.free()
  stage.shaky.set('answers')
  await startProcesses(stage)
  say('all processes are up')
  const upMs = Date.now()
  await rest('every monitor to have caught up', async () => (await countUnseen(stage.pool, monitorIds, upMs)) === 0)
  await rest('every definition to be applied', async () => (await unapplied(stage)) === 0)
  say('all monitors have caught up, with their newest definitions')
  await eachAtOnce(monitorIds, (id) =>
    insist(() => stage.runtime.pause(id)).catch((error: unknown) => problems.push(`pause ${id}: ${error}`)),
  )
  await rest('every monitor to be paused', async () => (await unpaused(stage)) === 0)
  await rest('every notification to be told', async () => (await untold(stage)) === 0)
  await rest('every workflow of a notification to end', async () => (await telling(stage)) === 0)
  say('all monitors are paused, and all is told')
  const answers = new Map<number, StateAnswer>()
  await eachAtOnce(monitorIds, async (id) => {
    const answer = await insist(() => stage.runtime.state(id)).catch(
      (error: unknown) => void problems.push(`state of monitor ${id}: ${error}`),
    )
    if (answer !== undefined) answers.set(id, answer)
  })
  return { answers, problems }
}

async function eachAtOnce(ids: readonly number[], work: (id: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const one = async (): Promise<void> => {
    for (let id = ids[next]; id !== undefined; id = ids[next]) {
      next += 1
      await work(id)
    }
  }
  await Promise.all(Array.from({ length: callsAtOnce }, one))
}

async function insist<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      if (attempt === triesMax) throw error
    }
  }
}

async function unapplied({ pool }: Stage): Promise<number> {
  return count(pool, 'select count(*) as many from monitors where deleted_at is null and applied_version is distinct from version')
}

async function unpaused({ pool }: Stage): Promise<number> {
  return count(pool, 'select count(*) as many from monitor_state where not paused')
}

async function untold({ pool }: Stage): Promise<number> {
  return count(
    pool,
    `select (select count(*) from notifications where planned_at is null)
       + (select count(*) from deliveries where status in ('pending', 'retrying')) as many`,
  )
}

/** Lists lag a second behind. */
async function telling({ client }: Stage): Promise<number> {
  const { count: many } = await client.client.workflow.count("WorkflowType = 'notify' and ExecutionStatus = 'Running'")
  return many
}

async function count(pool: Stage['pool'], sql: string): Promise<number> {
  const { rows } = await pool.query<{ many: number }>(sql)
  return rows[0]?.many ?? 0
}
