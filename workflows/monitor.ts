/**
 * One monitor, for as long as it exists: wait, evaluate, step, perform. The loop alone steps the state; handlers enqueue.
 * Never holds arithmetic, texts or policy: those are core/monitor and core/schedule.
 * Read next: core/monitor/step.ts, inbox.ts, perform.ts.
 */
import { allHandlersFinished, condition, continueAsNew, proxyLocalActivities, setHandler, sleep } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { assertNever } from '../core/assert.ts'
import { cantAcknowledge } from '../core/monitor/acknowledge.ts'
import { adopt, begin } from '../core/monitor/begin.ts'
import { type Ask, type EvaluateReply, eventsOf, lastOutcomeOf, type Question } from '../core/monitor/evaluation.ts'
import { emptyLedger, type Ledger, recordOnDemand, recordSkipped, recordSlots } from '../core/monitor/ledger.ts'
import { isRunFull, type RunSoFar } from '../core/monitor/run-length.ts'
import { transitionsOf } from '../core/monitor/slot-event.ts'
import { type InboxItem, type Snapshot, upgradeSnapshot } from '../core/monitor/snapshot.ts'
import { step } from '../core/monitor/step.ts'
import type { MonitorEvent, MonitorState, StepResult, Transition } from '../core/monitor/types.ts'
import { countSlots, latestSlot, wakingSlot } from '../core/schedule/timetable.ts'
import { type Answered, answerTo } from './evaluate.ts'
import { type Inbox, type Message, openInbox } from './inbox.ts'
import {
  type AcknowledgeAnswer,
  type AcknowledgeAsk,
  type EvaluateNowAnswer,
  evaluationsQuery,
  type MonitorInput,
  stateQuery,
} from './messages.ts'
import { describeMonitor, indexDefinition, perform } from './perform.ts'

const { load } = proxyLocalActivities<Pick<Activities, 'load'>>({
  startToCloseTimeout: '20s',
  // Without its definition a monitor is nothing: it waits for PostgreSQL as long as it takes.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
})

const { readClock } = proxyLocalActivities<Pick<Activities, 'readClock'>>({ startToCloseTimeout: '5s' })

/** The shortest wait that ends a workflow task. */
const shortestWaitMs = 1

/** Once taken over, a state can't meet another decision again, unless somebody else writes; then the reconciler's turn comes. */
const attemptsMax = 3

type Loop = {
  state: MonitorState
  ledger: Ledger
  bounds: Snapshot['bounds']
  run: RunSoFar
  stopped: boolean
  /** Epoch ms, as an activity said: when a worker renews its task, this sandbox's own clock isn't the same in a replay. */
  now: number
  /** The engine is behind: so many intervals are one wait. As the last reply said; 1 = none. */
  stretch: number
  /** When this workflow took the monitor up, until it has evaluated for the first time; then null. */
  begunAt: number | null
}

/** `slot`: the time of this slot has come; null = something else ended the wait. */
type Woken = Readonly<{ slot: number | null }>

const newRun: RunSoFar = { evaluations: 0, told: 0, messages: 0 }

export async function monitor(input: MonitorInput): Promise<void> {
  const inbox = openInbox(input.snapshot?.inbox ?? [])
  const loop = input.snapshot === undefined ? await start(input.monitorId) : carriedOn(input.snapshot)
  if (loop === null) return
  setHandler(stateQuery, () => ({ state: loop.state, ledger: loop.ledger }))
  setHandler(evaluationsQuery, () => loop.ledger.recent)
  describeMonitor(loop.state.spec)
  while (!loop.stopped) {
    const woken = await nextEvent(loop, inbox)
    // A run ends only right after a real wait: elsewhere it could end before a signal that had reached it.
    if (mayContinueAsNew(loop, inbox)) await carryOver(loop, inbox)
    if (woken.slot === null) loop.now = await readClock({ notBefore: Date.now() })
    // Slots first: what was due before a message came is judged by what held then.
    await evaluateDueSlots(loop, woken.slot ?? loop.now)
    await actOnMessages(loop, inbox)
  }
}

async function start(monitorId: number): Promise<Loop | null> {
  const loaded = await load({ monitorId, afterMs: null, notBefore: Date.now() })
  if (loaded === null) return null
  const first = begin(loaded.spec, loaded.stored, loaded.at, loaded.agenda)
  if ((await perform(first.effects)) === 'moved') return null
  const { bounds, at } = loaded
  return { state: first.state, ledger: emptyLedger, bounds, run: newRun, stopped: false, now: at, stretch: 1, begunAt: at }
}

function carriedOn(snapshot: Snapshot): Loop {
  const { state, ledger, bounds, stretch = 1 } = upgradeSnapshot(snapshot)
  return { state, ledger, bounds, run: newRun, stopped: false, now: state.lastSlot, stretch, begunAt: null }
}

/** Sleeps to the next slot, or until a message comes. A full run ends between slots, so that the next one is on time for its first. */
async function nextEvent(loop: Loop, inbox: Inbox): Promise<Woken> {
  const heard = (): boolean => !inbox.isEmpty()
  const slot = loop.state.paused ? null : wakingSlot(loop.state, loop.state.lastSlot, loop.stretch)
  if (heard() || isFull(loop)) {
    await sleep(shortestWaitMs)
    return { slot: null }
  }
  // Paused, or a schedule that has come to its end.
  if (slot === null) await condition(heard)
  // How long a timer runs decides nothing: this clock will do.
  else if (!(await condition(heard, Math.max(slot - Date.now(), shortestWaitMs)))) return { slot }
  return { slot: null }
}

async function actOnMessages(loop: Loop, inbox: Inbox): Promise<void> {
  for (let message = inbox.take(); message !== undefined && !loop.stopped; message = inbox.take()) {
    loop.run = { ...loop.run, messages: loop.run.messages + 1 }
    await act(loop, message)
  }
}

async function act(loop: Loop, message: Message): Promise<void> {
  switch (message.kind) {
    case 'signal':
      return actOnSignal(loop, message.item)
    case 'resolve': {
      const transitions = await take(loop, { kind: 'resolved', groups: message.groups, at: loop.now })
      return message.answer({ resolved: transitions.map((transition) => transition.group) })
    }
    case 'acknowledge':
      return message.answer(await acknowledge(loop, message.ask))
    case 'evaluate-now':
      return message.answer(await evaluateNow(loop))
    default:
      return assertNever(message)
  }
}

async function acknowledge(loop: Loop, { groups, said }: AcknowledgeAsk): Promise<AcknowledgeAnswer> {
  const refused = said === null ? [] : cantAcknowledge(loop.state, groups, said)
  if (refused.length > 0) return { acknowledged: [], refused }
  const transitions = await take(loop, { kind: 'acknowledged', groups, said, at: loop.now })
  return { acknowledged: transitions.map((transition) => transition.group), refused }
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
  const loaded = await load({ monitorId: loop.state.spec.monitorId, afterMs: loop.state.lastSlot, notBefore: loop.now })
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

/** One batch of them, by the clock of whoever evaluates. null where none was due. */
async function evaluateDueSlots(loop: Loop, notBefore: number): Promise<Heard | null> {
  const { state } = loop
  if (state.paused || loop.stopped || countSlots(state, state.lastSlot, notBefore) === 0) return null
  const { catchUpBatchMax: batchMax, catchUpHorizonMs: horizonMs } = loop.bounds
  const { question, reply } = await ask(
    loop,
    { kind: 'due', notBefore: Math.max(notBefore, Date.now()), bounds: { batchMax, horizonMs } },
    notBefore,
  )
  if (question.slots.length === 0) return null
  loop.ledger = recordSkipped(loop.ledger, question.lastDropped ?? state.lastSlot, question.dropped, 'older than the catch-up horizon')
  loop.ledger = recordSlots(loop.ledger, question.slots, reply.observations, question.newest)
  return hear(loop, question, reply)
}

function isBehind({ state, now }: Loop): boolean {
  return !state.paused && countSlots(state, state.lastSlot, now) > 0
}

/** An evaluation between slots, as of now; while slots are to be caught up, one of the next of them: none is judged after a later one. */
async function evaluateNow(loop: Loop): Promise<EvaluateNowAnswer> {
  const due = await evaluateDueSlots(loop, loop.now)
  if (due !== null && isBehind(loop)) return { ...due, slot: loop.state.lastSlot, overall: loop.state.overall }
  recordPause(loop)
  const slot = Math.max(loop.now, loop.state.lastSlot + 1)
  const { question, reply } = await ask(loop, { kind: 'at', slot }, slot)
  loop.ledger = recordOnDemand(loop.ledger, slot, reply.observations[0])
  const heard = await hear(loop, question, reply)
  return { ...heard, slot, overall: loop.state.overall }
}

async function ask(loop: Loop, ask: Ask, notBefore: number): Promise<Answered> {
  const { run } = loop
  const answered = await answerTo(loop, ask, notBefore)
  const told = answered.reply.observations.reduce((sum, { changed, missing }) => sum + changed.length + missing.length, 0)
  loop.run = { ...run, evaluations: run.evaluations + 1, told: run.told + told }
  loop.now = answered.reply.now
  loop.stretch = answered.reply.stretch ?? 1
  loop.begunAt = null
  return answered
}

async function hear(loop: Loop, question: Question, reply: EvaluateReply): Promise<Heard> {
  let transitions = 0
  for (const event of eventsOf(reply, question)) transitions += (await take(loop, event)).length
  return { outcome: lastOutcomeOf(question, reply), transitions }
}

/** Steps, and performs what follows. Where the store knows better, what it holds is taken over and the event judged on top. */
async function take(loop: Loop, event: MonitorEvent): Promise<readonly Transition[]> {
  for (let attempt = 1; ; attempt += 1) {
    const before = loop.state
    const result: StepResult = step(before, event)
    loop.state = result.state
    const outcome = await perform(result.effects)
    if (outcome === 'moved') return leave(loop, before)
    if (outcome === 'done' || attempt === attemptsMax) return transitionsOf(result.effects)
    await takeOver(loop, before)
  }
}

/** Another workflow, in another cell, goes on with this monitor: what this one decided is void. */
function leave(loop: Loop, before: MonitorState): readonly Transition[] {
  loop.state = before
  loop.stopped = true
  return []
}

async function takeOver(loop: Loop, before: MonitorState): Promise<void> {
  const loaded = await load({ monitorId: before.spec.monitorId, afterMs: before.lastSlot, notBefore: before.lastSlot })
  loop.state = loaded === null || loaded.stored === null ? before : adopt(before, loaded.stored)
  indexDefinition(loop.state.spec, loop.state.overall)
}

function isFull({ run, state, bounds }: Loop): boolean {
  return isRunFull(run, () => Object.keys(state.groups).length, bounds)
}

/** Who waits for an answer gets it from this run. */
function mayContinueAsNew(loop: Loop, inbox: Inbox): boolean {
  return isFull(loop) && !inbox.isAwaited() && allHandlersFinished()
}

/** Goes on in a new run, with every signal that came and wasn't acted upon. */
async function carryOver(loop: Loop, inbox: Inbox): Promise<void> {
  const { state, ledger, bounds, stretch } = loop
  await continueAsNew<typeof monitor>({
    monitorId: state.spec.monitorId,
    snapshot: { v: 1, state, ledger, bounds, inbox: inbox.pending(), ...(stretch === 1 ? {} : { stretch }) },
  })
}
