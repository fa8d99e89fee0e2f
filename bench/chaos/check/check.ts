/**
 * The checker: apart from what made the faults, it reads what PostgreSQL, Temporal and the receivers hold, and holds it against the truth
 * that follows from the seed. Never mends anything. Read next: facts.ts, truth.ts, deliveries.ts, record.ts.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CarriedOut, faultsOf } from '../carry-out.ts'
import { type ScriptPace, sourceOf } from '../script.ts'
import type { Settled } from '../settle.ts'
import type { Stage } from '../stage.ts'
import { watchedOf } from '../workload.ts'
import { checkArrived, checkIntended, checkIntents, checkLastWord, checkOnce, checkOrder } from './deliveries.ts'
import { type Facts, readFacts } from './facts.ts'
import type { Verdict } from './invariant.ts'
import { checkNumbers, checkSlots, checkSteady, checkStoredStates } from './record.ts'
import { type Counts, judgeLogs, judgeRest } from './rest.ts'
import { checkTruth } from './truth.ts'

export async function check(stage: Stage, seed: number, pace: ScriptPace, settled: Settled): Promise<Verdict[]> {
  const watched = watchedOf(stage.folder)
  const facts = await readFacts(stage.pool, watched, settled.answers, join(stage.folder, 'arrivals.jsonl'))
  const verdicts = [
    ...judge(facts, seed, pace, faultsOf(stage.folder)),
    judgeRest(await readCounts(stage), watched.length, settled.problems),
    judgeLogs(logsOf(stage), stage.secrets),
  ]
  // The servers end with the run: whoever looks for the reason finds all of it here.
  if (verdicts.some(({ violations }) => violations.length > 0)) await keepEvidence(stage, facts)
  return verdicts
}

/** What can be said of the facts alone. Pure. */
export function judge(facts: Facts, seed: number, pace: ScriptPace, faults: readonly CarriedOut[]): Verdict[] {
  const { monitors } = facts
  return [
    checkTruth(monitors, seed, pace, faults),
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
  ]
}

async function keepEvidence({ pool, folder }: Stage, facts: Facts): Promise<void> {
  writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts))
  const { rows } = await pool.query(
    'select monitor_id, slot, at_ms, outcome, reason, groups_told from evaluations order by monitor_id, slot',
  )
  writeFileSync(join(folder, 'evaluations.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

async function readCounts({ pool, client }: Stage): Promise<Counts> {
  const { rows } = await pool.query<Pick<Counts, 'unplanned' | 'open' | 'dead'>>(
    `select (select count(*) from notifications where planned_at is null) as unplanned,
            (select count(*) from deliveries where status in ('pending', 'retrying')) as open,
            (select count(*) from deliveries where status = 'dead') as dead`,
  )
  const running = await client.client.workflow.count("WorkflowType = 'monitor' and ExecutionStatus = 'Running'")
  const telling = await client.client.workflow.count("WorkflowType = 'notify' and ExecutionStatus = 'Running'")
  const { unplanned = 0, open = 0, dead = 0 } = rows[0] ?? {}
  return { unplanned, open, dead, running: running.count, telling: telling.count }
}

function logsOf({ folder }: Stage): Record<string, string> {
  const names = readdirSync(join(folder, 'logs'))
  return Object.fromEntries(names.map((name) => [`logs/${name}`, readFileSync(join(folder, 'logs', name), 'utf8')]))
}
