/** What PostgreSQL and the receivers hold after the chaos, held against what must be there. */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { messageId } from '../../core/message/id.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { slotsBetween } from '../../core/schedule/slots.ts'
import type { StateAnswer } from '../../workflows/messages.ts'
import { scriptedWebhook, scriptOf } from './scripted-monitors.ts'
import { type Stage, specOf, type Watched } from './scripted-stage.ts'
import { simulate } from './simulate.ts'

export type Outcome = Readonly<{ slots: number; transitions: number; messageIds: readonly string[] }>

/**
 * What one monitor came to is what step() alone comes to. Where the machine was so busy that slots were judged a minute late, what it told of them
 * is told late, and nobody knows beforehand which: then all but that.
 */
export async function expectTruth(stage: Stage, one: Watched, answer: StateAnswer | undefined): Promise<Outcome> {
  const { monitor, monitorId, startedAt } = one
  if (answer === undefined) throw new Error(`monitor ${monitorId} gave no answer`)
  const truth = simulate(await specOf(stage.pool, monitorId), startedAt, answer.state.lastSlot, scriptOf(stage.seed, monitor.index))
  const stored = await storedTransitions(stage, monitorId)
  if (stored.some(isLate)) {
    expect(answer.ledger.skipped).toBe(0)
    return expectStatuses(stage, one, answer)
  }
  expect(stored.map(anyVersion), `transitions of monitor ${monitorId}`).toEqual(truth.transitions.map(anyVersion))
  expect({ ...answer.state, paused: false }, `state of monitor ${monitorId}`).toEqual(truth.state)
  await expectOneNotificationEach(stage, monitorId, truth.transitions)
  const slots = expectSlotsAccounted(answer)
  expect(answer.ledger.skipped).toBe(0)
  return { slots, transitions: stored.length, messageIds: messageIdsOf(one, truth.transitions) }
}

/**
 * Each change of a status is what step() alone comes to, at its slot and once, under numbers without a gap. What is told of it may differ: slots
 * that are judged long after their time are told late, and on a busy machine a restart takes that long.
 */
export async function expectStatuses(stage: Stage, one: Watched, answer: StateAnswer | undefined): Promise<Outcome> {
  const { monitor, monitorId, startedAt } = one
  if (answer === undefined) throw new Error(`monitor ${monitorId} gave no answer`)
  const truth = simulate(await specOf(stage.pool, monitorId), startedAt, answer.state.lastSlot, scriptOf(stage.seed, monitor.index))
  const stored = await storedTransitions(stage, monitorId)
  expect(changesIn(stored), `changes of monitor ${monitorId}`).toEqual(changesIn(truth.transitions))
  expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1))
  const statuses = (groups: StateAnswer['state']['groups']) =>
    Object.entries(groups)
      .map(([key, { status }]) => `${key} ${status}`)
      .sort()
  expect(statuses(answer.state.groups), `groups of monitor ${monitorId}`).toEqual(statuses(truth.state.groups))
  await expectOneNotificationEach(stage, monitorId, stored)
  return { slots: expectSlotsAccounted(answer), transitions: stored.length, messageIds: messageIdsOf(one, stored) }
}

const isLate = ({ reason, notify }: Transition): boolean =>
  reason === 'caught-up' || notify.reason === 'held-until-caught-up' || notify.reason === 'late-note'

/** By slot and group: those of one slot may be numbered in another order where some are told late. */
function changesIn(transitions: readonly Transition[]): string[] {
  return transitions
    .filter(({ from, to, reason }) => from !== to && reason !== 'caught-up')
    .map(({ slot, group, from, to }) => `${slot} ${group} ${from}→${to}`)
    .sort()
}

/** Which version decided depends on when an edit was heard: the only thing that may differ. */
function anyVersion(transition: Transition): Transition {
  return { ...transition, version: 0 }
}

export async function storedTransitions({ pool }: Stage, monitorId: number): Promise<Transition[]> {
  const { rows } = await pool.query<{ detail: Transition }>('select detail from transitions where monitor_id = $1 order by sequence', [
    monitorId,
  ])
  return rows.map(({ detail }) => detail)
}

/** Every grid slot since the first is in one of the ledger's counts. Returns how many there are. */
export function expectSlotsAccounted({ state, ledger }: StateAnswer): number {
  const { monitorId, intervalMs } = state.spec
  const slots = slotsBetween(monitorId, intervalMs, (ledger.firstSlot ?? 0) - intervalMs, state.lastSlot)
  expect(ledger.evaluated + ledger.caughtUp + ledger.skipped + ledger.failed, `slots of monitor ${monitorId}`).toBe(slots)
  return slots
}

/** Commits may hold several slots; each told transition is in the notification of exactly one of them, which its last one names. */
export async function expectOneNotificationEach({ pool }: Stage, monitorId: number, transitions: readonly Transition[]): Promise<void> {
  const { rows } = await pool.query<{ sequence: number; sequences: number[] }>(
    'select sequence, to_jsonb(transition_sequences) as sequences from notifications where monitor_id = $1 order by sequence',
    [monitorId],
  )
  const told = transitions.filter(({ notify }) => notify.send).map(({ sequence }) => sequence)
  const noted = rows.flatMap(({ sequences }) => sequences)
  expect(noted, `notifications of monitor ${monitorId}`).toEqual(told)
  expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map(({ sequences }) => sequences.at(-1)))
}

/** The ids of all messages that these transitions of a monitor must lead to. */
export function messageIdsOf({ monitor, monitorId }: Watched, transitions: readonly Transition[]): string[] {
  const receivers = monitor.message.includes(scriptedWebhook) ? ['log', scriptedWebhook] : ['log']
  const told = transitions.filter(({ notify }) => notify.send)
  return told.flatMap((transition) => receivers.map((receiver) => messageId(monitorId, transition, receiver)))
}

/** Each message arrived or is told by a later one, none that wasn't decided, and whatever came twice came the same. */
export async function expectDelivered({ hooks, logPath, pool }: Stage, messageIds: readonly string[]): Promise<void> {
  const bodies = new Map<string, Set<string>>()
  const note = (id: string, body: string): void => void bodies.set(id, (bodies.get(id) ?? new Set()).add(body))
  for (const { headers, body } of hooks.hooks()) note(headers['webhook-id'] ?? '', body)
  for (const line of readFileSync(logPath, 'utf8').split('\n').filter(Boolean)) note(JSON.parse(line).messageId, line)
  const merged = await mergedIds(pool)
  expect([...bodies.keys()].filter((id) => !messageIds.includes(id))).toEqual([])
  expect(messageIds.filter((id) => !bodies.has(id) && !merged.has(id))).toEqual([])
  expect([...bodies].filter(([, variants]) => variants.size > 1)).toEqual([])
}

/** Of messages whose transition was told together with a later one of its group. */
async function mergedIds(pool: Stage['pool']): Promise<Set<string>> {
  const { rows } = await pool.query<{ monitor_id: number; receiver: string; detail: Transition }>(
    `select d.monitor_id, d.receiver, t.detail
     from deliveries d join transitions t on t.monitor_id = d.monitor_id and t.sequence = d.transition_sequence
     where d.status = 'merged' and exists (
       select from deliveries o where o.monitor_id = d.monitor_id and o.receiver = d.receiver and o.status = 'delivered'
         and d.transition_sequence = any(o.transition_sequences))`,
  )
  return new Set(rows.map(({ monitor_id: monitorId, receiver, detail }) => messageId(monitorId, detail, receiver)))
}

/** Seconds from commit to delivery: median, nine of ten, longest. */
export async function secondsToDeliver({ pool }: Stage): Promise<unknown> {
  const { rows } = await pool.query(
    `select percentile_cont(array[0.5, 0.9, 1]) within group (order by extract(epoch from d.finished_at - t.committed_at)) as seconds
     from deliveries d join transitions t on t.monitor_id = d.monitor_id and t.sequence = d.transition_sequence`,
  )
  return rows[0]?.seconds
}
