/**
 * The checker: apart from what made the faults, it reads what PostgreSQL, Temporal and the receivers hold, and holds it against the truth
 * that follows from the seed. Never mends anything. Read next: facts.ts, truth.ts, deliveries.ts, record.ts.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultsOf } from '../carry-out.ts'
import { type ScriptPace, sourceOf } from '../script.ts'
import type { Settled } from '../settle.ts'
import type { Stage } from '../stage.ts'
import { watchedOf } from '../workload.ts'
import { checkArrived, checkIntended, checkIntents, checkLastWord, checkOnce, checkOrder } from './deliveries.ts'
import { type Facts, readFacts } from './facts.ts'
import type { Verdict } from './invariant.ts'
import { checkNumbers, checkSlots, checkSteady, checkStoredStates } from './record.ts'
import { checkTruth } from './truth.ts'

export async function check(stage: Stage, seed: number, pace: ScriptPace, settled: Settled): Promise<Verdict[]> {
  const watched = watchedOf(stage.folder)
  const facts = await readFacts(stage.pool, watched, settled.answers, join(stage.folder, 'arrivals.jsonl'))
  const { monitors } = facts
  const verdicts = [
    checkTruth(monitors, seed, pace, faultsOf(stage.folder)),
    checkNumbers(monitors),
    checkStoredStates(monitors),
    checkSlots(monitors),
    checkSteady(monitors, (index) => sourceOf(index) === 'steady'),
    checkIntents(facts),
    checkLastWord(facts),
    checkArrived(facts),
    checkIntended(facts),
    checkOnce(facts),
    checkOrder(facts),
    await checkRest(stage, settled, watched.length),
    checkLogs(stage),
  ]
  // The servers end with the run: whoever looks for the reason finds all of it here.
  if (verdicts.some(({ violations }) => violations.length > 0)) await keepEvidence(stage, facts)
  return verdicts
}

async function keepEvidence({ pool, folder }: Stage, facts: Facts): Promise<void> {
  writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts))
  const { rows } = await pool.query(
    'select monitor_id, slot, at_ms, outcome, reason, groups_told from evaluations order by monitor_id, slot',
  )
  writeFileSync(join(folder, 'evaluations.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

async function checkRest({ pool, client }: Stage, { problems }: Settled, monitors: number): Promise<Verdict> {
  const { rows } = await pool.query<{ unplanned: number; open: number; dead: number }>(
    `select (select count(*) from notifications where planned_at is null) as unplanned,
            (select count(*) from deliveries where status in ('pending', 'retrying')) as open,
            (select count(*) from deliveries where status = 'dead') as dead`,
  )
  const { unplanned = 0, open = 0, dead = 0 } = rows[0] ?? {}
  const running = await client.client.workflow.count("WorkflowType = 'monitor' and ExecutionStatus = 'Running'")
  const telling = await client.client.workflow.count("WorkflowType = 'notify' and ExecutionStatus = 'Running'")
  const counts: readonly (readonly [string, number, number])[] = [
    ['notifications that nobody planned', unplanned, 0],
    ['deliveries that are open', open, 0],
    ['deliveries that were given up', dead, 0],
    ['workflows of monitors that run', running.count, monitors],
    ['workflows of notifications that run', telling.count, 0],
  ]
  const wrong = counts.filter(([, is, must]) => is !== must).map(([what, is, must]) => `${is} ${what}, expected ${must}`)
  return {
    invariant: 'all queues are drained, and every monitor runs',
    looked: `${counts.length} counts`,
    violations: [...problems, ...wrong],
  }
}

function checkLogs({ folder, secrets }: Stage): Verdict {
  const logs = readdirSync(join(folder, 'logs'))
  const violations = logs.flatMap((name) => {
    const text = readFileSync(join(folder, 'logs', name), 'utf8')
    return secrets.filter((secret) => text.includes(secret)).map((secret) => `logs/${name} holds ${secret.slice(0, 6)}…`)
  })
  return { invariant: 'no secret stands in a log', looked: `${logs.length} logs`, violations }
}
