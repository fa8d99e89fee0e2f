/**
 * Workers die by SIGKILL while people resolve, edit, pause and ask for evaluations. When each message is heard is left to
 * chance; that every decision follows from the one before, once, is not.
 * Read next: kill-worker.test.ts, where nobody interferes and each transition is known beforehand.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Status } from '../../core/monitor/spec-types.ts'
import type { Transition } from '../../core/monitor/types.ts'
import type { StateAnswer } from '../../workflows/messages.ts'
import { insist, killWorkers, settle } from '../support/scripted-chaos.ts'
import {
  expectDelivered,
  expectOneNotificationEach,
  expectSlotsAccounted,
  messageIdsOf,
  secondsToDeliver,
  storedTransitions,
} from '../support/scripted-outcome.ts'
import { mixed } from '../support/scripted-random.ts'
import { edit, type Stage, startStage, type Watched } from '../support/scripted-stage.ts'
import { quietRuntime } from '../support/temporal.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)
const monitorsCount = 12
const killsMin = 8

let stage: Stage
beforeAll(async () => {
  quietRuntime()
  console.log(`seed ${seed}: TOCSIN_TEST_SEED repeats it`)
  stage = await startStage(seed, monitorsCount)
})
afterAll(() => stage?.close())

test('messages that meet a dying worker are heard once, and every decision follows from the one before', { timeout: 550_000 }, async () => {
  const resolved = new Map<number, number>()
  const asked: Promise<void>[] = []
  await killWorkers(stage, killsMin, async (nth) => {
    asked.push(interfere(nth, resolved))
  })
  await Promise.all(asked)
  await Promise.all(stage.watched.map(({ monitorId }) => insist(`resume monitor ${monitorId}`, () => stage.runtime.resume(monitorId))))
  const answers = await settle(stage)
  const messageIds: string[] = []
  let count = 0
  for (const one of stage.watched) {
    const answer = answers.get(one.monitorId)
    if (answer === undefined) throw new Error(`monitor ${one.monitorId} gave no answer`)
    const transitions = await storedTransitions(stage, one.monitorId)
    expectChain(one, transitions, answer)
    await expectStoredGroups(one.monitorId, answer)
    await expectOneNotificationEach(stage, one.monitorId, transitions)
    expectSlotsAccounted(answer)
    const byHand = transitions.filter(({ reason }) => reason === 'resolved-by-hand').length
    expect(byHand, `groups of monitor ${one.monitorId} resolved`).toBeGreaterThanOrEqual(resolved.get(one.monitorId) ?? 0)
    messageIds.push(...messageIdsOf(one, transitions))
    count += transitions.length
  }
  await expectDelivered(stage, messageIds)
  const byHand = [...resolved.values()].reduce((sum, groups) => sum + groups, 0)
  console.log(
    JSON.stringify({ seed, kills: stage.crew.deaths(), transitions: count, byHand, secondsToDeliver: await secondsToDeliver(stage) }),
  )
})

/** One message to one monitor. An update that got no answer may have been heard all the same. */
async function interfere(nth: number, resolved: Map<number, number>): Promise<void> {
  const monitorId = stage.watched[mixed(seed, nth, 1) % monitorsCount]?.monitorId ?? 0
  switch (mixed(seed, nth, 2) % 5) {
    case 0:
      return edit(stage, monitorId)
    case 1:
      await stage.runtime.evaluateNow(monitorId).catch(() => {})
      return
    case 2:
      return stage.runtime.pause(monitorId).catch(() => {})
    case 3:
      return stage.runtime.resume(monitorId).catch(() => {})
    default: {
      const answer = await stage.runtime.resolve(monitorId, '*').catch(() => null)
      if (answer !== null) resolved.set(monitorId, (resolved.get(monitorId) ?? 0) + answer.resolved.length)
    }
  }
}

/** Numbers without a gap, slots that never run back, and each group leaves the status that it entered last. */
function expectChain({ monitor, monitorId }: Watched, transitions: readonly Transition[], { state }: StateAnswer): void {
  expect(transitions.map(({ sequence }) => sequence)).toEqual(transitions.map((_, index) => index + 1))
  expect(state.sequence, `sequence of monitor ${monitorId}`).toBe(transitions.length)
  const inOrder = transitions.toSorted((a, b) => a.slot - b.slot)
  expect(transitions.map(lineOf), `order of monitor ${monitorId}`).toEqual(inOrder.map(lineOf))
  const statuses = new Map<string, Status>()
  // A group that left the state and came back begins as OK again, without a transition.
  const mayBeNew = (status: Status): boolean => status === 'OK' && 'group_retention_duration' in monitor.options
  for (const transition of transitions) {
    const { group, from, to, reason } = transition
    const where = `monitor ${monitorId}, ${lineOf(transition)}`
    // It tells what changed in slots that were judged late, from the worst of them to what holds now, and changes nothing.
    if (reason === 'caught-up') continue
    if (!mayBeNew(from)) expect(from, where).toBe(statuses.get(group) ?? 'OK')
    if (reason !== 'downtime-ended') expect(to, where).not.toBe(from)
    statuses.set(group, to)
  }
  for (const [group, { status }] of Object.entries(state.groups)) {
    if (!mayBeNew(status)) expect(status, `monitor ${monitorId}, ${group}`).toBe(statuses.get(group) ?? 'OK')
  }
}

function lineOf({ sequence, slot, group, from, to, reason }: Transition): string {
  return `${sequence} at ${slot}: ${group} ${from}→${to} ${reason}`
}

async function expectStoredGroups(monitorId: number, { state }: StateAnswer): Promise<void> {
  const { rows } = await stage.pool.query<{ key: string; state: unknown }>(
    'select group_key as key, state from monitor_groups where monitor_id = $1',
    [monitorId],
  )
  expect(Object.fromEntries(rows.map((row) => [row.key, row.state])), `stored groups of monitor ${monitorId}`).toEqual(state.groups)
}
