/** After the last fault: everything is up, caught up, paused, and told. What doesn't come to rest in time is said, not thrown. Read next: check/check.ts. */
import { inParallel } from '../../cli/parallel.ts'
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
const sayEveryMs = 15_000
const callsAtOnce = 16
/** A query may meet a workflow that is replayed right now. */
const triesMax = 8

export async function settle(stage: Stage, monitorIds: readonly number[], say: (line: string) => void): Promise<Settled> {
  const problems: string[] = []
  /** `left`: how many there still are. */
  const rest = async (what: string, left: () => Promise<number>): Promise<void> => {
    let saidMs = Date.now()
    const ask = async (): Promise<true | null> => {
      const many = await left()
      if (many > 0 && Date.now() - saidMs > sayEveryMs) {
        saidMs = Date.now()
        say(`waiting for ${what}: ${many} to go`)
      }
      return many === 0 ? true : null
    }
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
  await rest('every monitor to have caught up', () => countUnseen(stage.pool, monitorIds, upMs))
  await rest('every definition to be applied', () => unapplied(stage))
  say('all monitors have caught up, with their newest definitions')
  await inParallel(monitorIds, callsAtOnce, (id) =>
    insist(() => stage.runtime.pause(id)).catch((error: unknown) => void problems.push(`pause ${id}: ${error}`)),
  )
  await rest('every monitor to be paused', () => unpaused(stage))
  await rest('every notification to be told', () => untold(stage))
  await rest('every workflow of a notification to end', () => telling(stage))
  say('all monitors are paused, and all is told')
  const answers = new Map<number, StateAnswer>()
  await inParallel(monitorIds, callsAtOnce, async (id) => {
    const answer = await insist(() => stage.runtime.state(id)).catch(
      (error: unknown) => void problems.push(`state of monitor ${id}: ${error}`),
    )
    if (answer !== undefined) answers.set(id, answer)
  })
  return { answers, problems }
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
