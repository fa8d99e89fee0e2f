/**
 * One monitor, for as long as it exists: wait, evaluate, step, perform. The loop alone steps the state; handlers enqueue.
 * Never holds arithmetic, texts or policy: those are core/monitor and core/schedule.
 * Read next: core/monitor/step.ts, inbox.ts, perform.ts.
 */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  proxyLocalActivities,
  rootCause,
  setHandler,
  sleep,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { assertNever } from '../core/assert.ts'
import { adopt, begin } from '../core/monitor/begin.ts'
import { type EvaluateReply, type EvaluateRequest, eventsOf, failedReply } from '../core/monitor/evaluation.ts'
import { pack } from '../core/monitor/known.ts'
import { emptyLedger, type Ledger, recordOnDemand, recordSkipped, recordSlots } from '../core/monitor/ledger.ts'
import { slotsPerReply } from '../core/monitor/room.ts'
import { isRunFull } from '../core/monitor/run-length.ts'
import { transitionsOf } from '../core/monitor/slot-event.ts'
import { type InboxItem, type Snapshot, upgradeSnapshot } from '../core/monitor/snapshot.ts'
import { step } from '../core/monitor/step.ts'
import type { MonitorEvent, MonitorState, StepResult, Transition } from '../core/monitor/types.ts'
import { countSlots, due as dueSlots, latestSlot, nextSlot } from '../core/schedule/timetable.ts'
import { type Inbox, type Message, openInbox } from './inbox.ts'
import { type EvaluateNowAnswer, evaluationsQuery, type MonitorInput, stateQuery } from './messages.ts'
import { describeMonitor, indexDefinition, perform } from './perform.ts'

const { load } = proxyLocalActivities<Pick<Activities, 'load'>>({
  startToCloseTimeout: '20s',
  // Without its definition a monitor is nothing: it waits for PostgreSQL as long as it takes.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
})

const { evaluate } = proxyLocalActivities<Pick<Activities, 'evaluate'>>({
  // Above the activity's own timeout of the source (temporal.config.ts, 8 s), below what delays the next slot.
  startToCloseTimeout: '15s',
  // The activity answers for the source; what fails here is the worker itself. After that the slot counts as failed.
  retry: { initialInterval: '100ms', maximumAttempts: 3 },
})

/**
 * The loop reads the clock and ends a run only right after a real wait, so there is always one, if only of a millisecond.
 * A server may end a workflow task while a local activity runs or just after it; replay then meets the activity's result
 * earlier than the first execution did: a clock read there would tell another time and lead elsewhere, and a run that
 * ended there would end before a signal that had reached it.
 */
const shortestWaitMs = 1

/** Once taken over, a state can't meet another decision again, unless somebody else writes; then the reconciler's turn comes. */
const attemptsMax = 3

type Loop = {
  state: MonitorState
  ledger: Ledger
  bounds: Snapshot['bounds']
  evaluations: number
  /** Size of this run's history, at its beginning and at the last wake-up. */
  startBytes: number
  bytes: number
  stopped: boolean
  /** Time of the last wake-up, epoch ms: the only time that anything is decided by. */
  now: number
}

export async function monitor(input: MonitorInput): Promise<void> {
  const inbox = openInbox(input.snapshot?.inbox ?? [])
  const loop = input.snapshot === undefined ? await start(input.monitorId) : carriedOn(input.snapshot)
  if (loop === null) return
  setHandler(stateQuery, () => ({ state: loop.state, ledger: loop.ledger }))
  setHandler(evaluationsQuery, () => loop.ledger.recent)
  describeMonitor(loop.state.spec)
  while (!loop.stopped) {
    await nextEvent(loop, inbox)
    if (mayContinueAsNew(loop, inbox)) await carryOver(loop, inbox)
    // Slots first: what was due before a message came is judged by what held then.
    await evaluateDueSlots(loop)
    await actOnMessages(loop, inbox)
  }
}

async function start(monitorId: number): Promise<Loop | null> {
  const now = Date.now()
  const beginning = newRun()
  const loaded = await load({ monitorId, afterMs: null })
  if (loaded === null) return null
  const first = begin(loaded.spec, loaded.stored, now, loaded.agenda)
  await perform(first.effects)
  return { state: first.state, ledger: emptyLedger, bounds: loaded.bounds, ...beginning, now }
}

function carriedOn(snapshot: Snapshot): Loop {
  const { state, ledger, bounds } = upgradeSnapshot(snapshot)
  return { state, ledger, bounds, ...newRun(), now: Date.now() }
}

function newRun() {
  const { historySize } = workflowInfo()
  return { evaluations: 0, startBytes: historySize, bytes: historySize, stopped: false }
}

/** Sleeps to the next slot, or until a message comes. A full run ends between slots, so that the next one is on time for its first. */
async function nextEvent(loop: Loop, inbox: Inbox): Promise<void> {
  const heard = (): boolean => !inbox.isEmpty()
  const next = loop.state.paused ? null : nextSlot(loop.state, loop.state.lastSlot)
  if (heard() || isFull(loop)) await sleep(shortestWaitMs)
  // Paused, or a schedule that has come to its end.
  else if (next === null) await condition(heard)
  else await condition(heard, Math.max(next - Date.now(), shortestWaitMs))
  loop.now = Date.now()
  loop.bytes = workflowInfo().historySize
}

async function actOnMessages(loop: Loop, inbox: Inbox): Promise<void> {
  for (let message = inbox.take(); message !== undefined && !loop.stopped; message = inbox.take()) await act(loop, message)
}

async function act(loop: Loop, message: Message): Promise<void> {
  switch (message.kind) {
    case 'signal':
      return actOnSignal(loop, message.item)
    case 'resolve': {
      const transitions = await take(loop, { kind: 'resolved', groups: message.groups, at: loop.now })
      return message.answer({ resolved: transitions.map((transition) => transition.group) })
    }
    case 'evaluate-now':
      return message.answer(await evaluateNow(loop))
    default:
      return assertNever(message)
  }
}

async function actOnSignal(loop: Loop, item: InboxItem): Promise<void> {
  switch (item.kind) {
    case 'respecify':
      return respecify(loop)
    case 'pause':
      await take(loop, { kind: 'paused', at: loop.now })
      return
    case 'resume':
      return resume(loop)
    case 'resolve':
      await take(loop, { kind: 'resolved', groups: item.groups, at: loop.now })
      return
    case 'stop':
      loop.stopped = true
      return
    default:
      return assertNever(item)
  }
}

async function respecify(loop: Loop): Promise<void> {
  const loaded = await load({ monitorId: loop.state.spec.monitorId, afterMs: loop.state.lastSlot })
  if (loaded === null) {
    loop.stopped = true
    return
  }
  loop.bounds = loaded.bounds
  await take(loop, { kind: 'respecified', spec: loaded.spec, at: loop.now, agenda: loaded.agenda })
  indexDefinition(loop.state.spec, loop.state.overall)
  describeMonitor(loop.state.spec)
}

async function resume(loop: Loop): Promise<void> {
  if (!loop.state.paused) return
  recordPause(loop)
  await take(loop, { kind: 'resumed', at: loop.now })
}

/** Accounts for the slots of a pause up to now, none of which will be evaluated. */
function recordPause(loop: Loop): void {
  const { state, now } = loop
  if (!state.paused) return
  const missed = countSlots(state, state.lastSlot, now)
  loop.ledger = recordSkipped(loop.ledger, latestSlot(state, now) ?? state.lastSlot, missed, 'paused')
}

type Heard = Readonly<{ outcome: string; transitions: number }>

/** One batch of them. null where none was due. */
async function evaluateDueSlots(loop: Loop): Promise<Heard | null> {
  const { state, now } = loop
  if (state.paused || loop.stopped) return null
  const due = dueSlots(state, state.lastSlot, now, {
    batchMax: slotsPerReply(state.groups, loop.bounds.catchUpBatchMax, countSlots(state, state.lastSlot, now)),
    horizonMs: loop.bounds.catchUpHorizonMs,
  })
  if (due.slots.length === 0) return null
  loop.ledger = recordSkipped(loop.ledger, due.lastDropped ?? state.lastSlot, due.dropped, 'older than the catch-up horizon')
  const newest = latestSlot(state, now) ?? now
  const reply = await ask(loop, { ...due, newest })
  loop.ledger = recordSlots(loop.ledger, due.slots, reply.observations, newest)
  return hear(loop, reply, newest)
}

function isBehind({ state, now }: Loop): boolean {
  return !state.paused && countSlots(state, state.lastSlot, now) > 0
}

/** An evaluation between slots, as of now; while slots are to be caught up, one of the next of them: none is judged after a later one. */
async function evaluateNow(loop: Loop): Promise<EvaluateNowAnswer> {
  const due = await evaluateDueSlots(loop)
  if (due !== null && isBehind(loop)) return { ...due, slot: loop.state.lastSlot, overall: loop.state.overall }
  recordPause(loop)
  const slot = Math.max(loop.now, loop.state.lastSlot + 1)
  const reply = await ask(loop, { slots: [slot], newest: slot, dropped: 0, lastDropped: null })
  loop.ledger = recordOnDemand(loop.ledger, slot, reply.observations[0])
  const heard = await hear(loop, reply, slot)
  return { ...heard, slot, overall: loop.state.overall }
}

async function ask(loop: Loop, asked: Omit<EvaluateRequest, 'known'>): Promise<EvaluateReply> {
  loop.evaluations += 1
  try {
    return await evaluate({ known: pack(loop.state), ...asked })
  } catch (error) {
    // A local activity's failure comes bare, other than a normal activity's, which is wrapped in an ActivityFailure.
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error
    return failedReply(asked.slots, rootCause(error) ?? error.message)
  }
}

async function hear(loop: Loop, reply: EvaluateReply, newest: number): Promise<Heard> {
  let transitions = 0
  for (const event of eventsOf(reply, newest)) transitions += (await take(loop, event)).length
  return { outcome: outcomeOf(reply), transitions }
}

/** Of the last slot; one without an observation said nothing new. */
function outcomeOf({ observations, unchangedThrough }: EvaluateReply): string {
  const last = observations.at(-1)
  return last?.slot === unchangedThrough ? last.outcome.kind : 'ok'
}

/** Steps, and performs what follows. Where the store knows better, what it holds is taken over and the event judged on top. */
async function take(loop: Loop, event: MonitorEvent): Promise<readonly Transition[]> {
  for (let attempt = 1; ; attempt += 1) {
    const before = loop.state
    const result: StepResult = step(before, event)
    loop.state = result.state
    const outcome = await perform(result.effects)
    if (outcome === 'done' || attempt === attemptsMax) return transitionsOf(result.effects)
    await takeOver(loop, before)
  }
}

async function takeOver(loop: Loop, before: MonitorState): Promise<void> {
  const loaded = await load({ monitorId: before.spec.monitorId, afterMs: before.lastSlot })
  loop.state = loaded === null || loaded.stored === null ? before : adopt(before, loaded.stored)
  indexDefinition(loop.state.spec, loop.state.overall)
}

function isFull(loop: Loop): boolean {
  return isRunFull(loop, loop.bounds) || workflowInfo().continueAsNewSuggested
}

/** Who waits for an answer gets it from this run. */
function mayContinueAsNew(loop: Loop, inbox: Inbox): boolean {
  return isFull(loop) && !inbox.isAwaited() && allHandlersFinished()
}

/** Goes on in a new run, with every signal that came and wasn't acted upon. */
async function carryOver(loop: Loop, inbox: Inbox): Promise<void> {
  const { state, ledger, bounds } = loop
  await continueAsNew<typeof monitor>({
    monitorId: state.spec.monitorId,
    snapshot: { v: 1, state, ledger, bounds, inbox: inbox.pending() },
  })
}
