/**
 * Workers die by SIGKILL at any point of an evaluation, a commit or a delivery, again and again. What PostgreSQL holds
 * afterwards is what one undisturbed run of step() decides: nothing lost, nothing doubled, every slot accounted for.
 * Read next: test/support/scripted-worker.ts (where they die), scripted-monitors.ts (what they watch).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Transition } from '../../core/monitor/types.ts'
import type { StateAnswer } from '../../workflows/messages.ts'
import { killWorkers, settle } from '../support/scripted-chaos.ts'
import { isMutedForATime, scriptOf } from '../support/scripted-monitors.ts'
import {
  expectDelivered,
  expectOneNotificationEach,
  expectSlotsAccounted,
  messageIdsOf,
  secondsToDeliver,
  storedTransitions,
} from '../support/scripted-outcome.ts'
import { mixed } from '../support/scripted-random.ts'
import { edit, type Stage, specOf, startStage, type Watched } from '../support/scripted-stage.ts'
import { simulate } from '../support/simulate.ts'
import { quietRuntime } from '../support/temporal.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)
const monitorsCount = 24
const killsMin = 24

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
    const answer = answers.get(one.monitorId)
    if (answer === undefined) throw new Error(`monitor ${one.monitorId} gave no answer`)
    outcomes.push(await expectTruth(one, answer))
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

type Outcome = Readonly<{ slots: number; transitions: number; messageIds: readonly string[] }>

/** What one monitor came to is what step() alone comes to. */
async function expectTruth(one: Watched, answer: StateAnswer): Promise<Outcome> {
  const { monitor, monitorId, startedAt } = one
  const truth = simulate(await specOf(stage.pool, monitorId), startedAt, answer.state.lastSlot, scriptOf(seed, monitor.index))
  const stored = await storedTransitions(stage, monitorId)
  expect(stored.map(anyVersion), `transitions of monitor ${monitorId}`).toEqual(truth.transitions.map(anyVersion))
  expect({ ...answer.state, paused: false }, `state of monitor ${monitorId}`).toEqual(truth.state)
  await expectOneNotificationEach(stage, monitorId, truth.transitions)
  const slots = expectSlotsAccounted(answer)
  expect(answer.ledger.skipped).toBe(0)
  return { slots, transitions: stored.length, messageIds: messageIdsOf(one, truth.transitions) }
}

/** Which version decided depends on when an edit was heard: the only thing that may differ. */
function anyVersion(transition: Transition): Transition {
  return { ...transition, version: 0 }
}
