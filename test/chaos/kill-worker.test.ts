/**
 * Workers die by SIGKILL at any point of an evaluation, a commit or a delivery, again and again. What PostgreSQL holds
 * afterwards is what one undisturbed run of step() decides: nothing lost, nothing doubled, every slot accounted for.
 * Read next: test/support/scripted-worker.ts (where they die), scripted-monitors.ts (what they watch).
 */
import { afterAll, beforeAll, test } from 'vitest'
import { killWorkers, settle } from '../support/scripted-chaos.ts'
import { isMutedForATime } from '../support/scripted-monitors.ts'
import { expectDelivered, expectTruth, type Outcome, secondsToDeliver } from '../support/scripted-outcome.ts'
import { mixed } from '../support/scripted-random.ts'
import { edit, type Stage, startStage } from '../support/scripted-stage.ts'
import { quietRuntime } from '../support/temporal.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)
/** One of each kind that scripted-monitors.ts has. */
const monitorsCount = 12
const killsMin = 10

let stage: Stage
beforeAll(async () => {
  quietRuntime()
  console.log(`seed ${seed}: TOCSIN_TEST_SEED repeats it`)
  stage = await startStage(seed, monitorsCount)
})
afterAll(() => stage?.close())

test('workers that are killed again and again lose no transition, double none, and leave no slot out', { timeout: 550_000 }, async () => {
  const begunMs = Date.now()
  // Meanwhile definitions get new versions that mean the same. Not those whose mutes end: an edit that comes between that end and the next
  // slot tells of it at once, so what is true of them depends on when the edit arrived.
  const edited = stage.watched.filter(({ monitor }) => !isMutedForATime(monitor))
  await killWorkers(stage, killsMin, (nth) => edit(stage, edited[mixed(seed, nth) % edited.length]?.monitorId ?? 0))
  const chaosMs = Date.now() - begunMs
  const answers = await settle(stage)
  const outcomes: Outcome[] = []
  for (const one of stage.watched) {
    outcomes.push(await expectTruth(stage, one, answers.get(one.monitorId)))
  }
  await expectDelivered(
    stage,
    outcomes.flatMap(({ messageIds }) => messageIds),
  )
  const sum = (count: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + count(outcome), 0)
  const report = {
    seed,
    kills: stage.crew.deaths(),
    chaosMs,
    totalMs: Date.now() - begunMs,
    monitors: monitorsCount,
    slots: sum(({ slots }) => slots),
    transitions: sum(({ transitions }) => transitions),
    messages: sum(({ messageIds }) => messageIds.length),
    secondsToDeliver: await secondsToDeliver(stage),
  }
  console.log(JSON.stringify(report))
})
