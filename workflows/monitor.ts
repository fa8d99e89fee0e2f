/**
 * One monitor, for as long as it exists: wait, evaluate, step, perform. The loop alone steps the state; handlers enqueue.
 * Never holds arithmetic, texts or policy: those are core/monitor and core/schedule.
 * Read next: core/monitor/step.ts, inbox.ts, slots.ts, outbox.ts.
 */
import { allHandlersFinished, condition, continueAsNew, proxyLocalActivities, setHandler, sleep } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { assertNever } from '../core/assert.ts'
import { cantAcknowledge } from '../core/monitor/acknowledge.ts'
import { begin } from '../core/monitor/begin.ts'
import type { InboxItem } from '../core/monitor/snapshot.ts'
import { wakingSlot } from '../core/schedule/timetable.ts'
import { type Inbox, type Message, openInbox } from './inbox.ts'
import { beginLoop, carriedOn, isFull, type Kept, type Loop, snapshotOf, transitionsOfKept } from './loop.ts'
import { evaluationsQuery, type MonitorInput, stateQuery } from './messages.ts'
import { isPostponed, postpone, resumeStoring, storeAll, storeIfDue, take, takeFirst, whenStored } from './outbox.ts'
import { describeMonitor, indexDefinition, unlessAway } from './perform.ts'
import { evaluateDueSlots, evaluateNow, recordPause } from './slots.ts'

const { load } = proxyLocalActivities<Pick<Activities, 'load'>>({
  startToCloseTimeout: '20s',
  // Without its definition a monitor is nothing: it waits for PostgreSQL as long as it takes.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
})

const { load: loadIfThere } = proxyLocalActivities<Pick<Activities, 'load'>>({
  startToCloseTimeout: '20s',
  // A connection that broke. While PostgreSQL is away, the monitor goes on by the definition that it has.
  retry: { initialInterval: '50ms', maximumAttempts: 2 },
})

const { readClock } = proxyLocalActivities<Pick<Activities, 'readClock'>>({ startToCloseTimeout: '5s' })

/** The shortest wait that ends a workflow task. */
const shortestWaitMs = 1

/** `slot`: the time of this slot has come; null = something else ended the wait. */
type Woken = Readonly<{ slot: number | null }>

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
    await catchUpWithStore(loop)
    await actOnMessages(loop, inbox)
  }
  await storeAll(loop)
}

async function start(monitorId: number): Promise<Loop | null> {
  const loaded = await load({ monitorId, afterMs: null, notBefore: Date.now() })
  if (loaded === null) return null
  const first = begin(loaded.spec, loaded.stored, loaded.at, loaded.agenda)
  const loop = beginLoop(first.state, loaded.bounds, loaded.at)
  await takeFirst(loop, first.effects)
  return loop
}

/**
 * Sleeps to the next slot, or until a message comes or PostgreSQL is to be asked again. A full run ends between slots, so that the next one is
 * on time for its first; one in which somebody waits for an answer goes on.
 */
async function nextEvent(loop: Loop, inbox: Inbox): Promise<Woken> {
  const heard = (): boolean => !inbox.isEmpty()
  const due = nextDue(loop)
  if (heard() || (isFull(loop) && loop.unanswered.length === 0)) {
    await sleep(shortestWaitMs)
    return { slot: null }
  }
  // Paused, or a schedule that has come to its end.
  if (due === null) await condition(heard)
  // How long a timer runs decides nothing: this clock will do.
  else if (!(await condition(heard, Math.max(due.at - Date.now(), shortestWaitMs)))) return { slot: due.isSlot ? due.at : null }
  return { slot: null }
}

/** null = nothing is due by itself. */
function nextDue({ state, stretch, slotsWait, retry }: Loop): Readonly<{ at: number; isSlot: boolean }> | null {
  const slot = state.paused || slotsWait ? null : wakingSlot(state, state.lastSlot, stretch)
  if (slot !== null && (retry === null || slot <= retry.at)) return { at: slot, isSlot: true }
  return retry === null ? null : { at: retry.at, isSlot: false }
}

/** What waits for PostgreSQL is tried again, where it is time. */
async function catchUpWithStore(loop: Loop): Promise<void> {
  await storeIfDue(loop)
  if (loop.editWaits && !isPostponed(loop)) await respecify(loop)
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
      const kept = await take(loop, { kind: 'resolved', groups: message.groups, at: loop.now })
      return whenStored(loop, () => message.answer({ resolved: groupsOf(kept) }))
    }
    case 'acknowledge':
      return acknowledge(loop, message)
    case 'evaluate-now': {
      const answer = await evaluateNow(loop)
      return whenStored(loop, () => message.answer(answer()))
    }
    default:
      return assertNever(message)
  }
}

async function acknowledge(loop: Loop, { ask, answer }: Extract<Message, { kind: 'acknowledge' }>): Promise<void> {
  const { groups, said } = ask
  const refused = said === null ? [] : cantAcknowledge(loop.state, groups, said)
  if (refused.length > 0) return answer({ acknowledged: [], refused })
  const kept = await take(loop, { kind: 'acknowledged', groups, said, at: loop.now })
  whenStored(loop, () => answer({ acknowledged: groupsOf(kept), refused }))
}

function groupsOf(kept: Kept): string[] {
  return transitionsOfKept(kept).map(({ group }) => group)
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
  const { state, now } = loop
  const loaded = await unlessAway(loadIfThere({ monitorId: state.spec.monitorId, afterMs: state.lastSlot, notBefore: now }))
  loop.editWaits = loaded === 'away'
  if (loaded === 'away') return postpone(loop)
  if (loaded === null) {
    loop.stopped = true
    return
  }
  resumeStoring(loop)
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

/** Who waits for an answer gets it from this run. */
function mayContinueAsNew(loop: Loop, inbox: Inbox): boolean {
  return isFull(loop) && !inbox.isAwaited() && allHandlersFinished()
}

/** Goes on in a new run, with every signal that came and wasn't acted upon. */
async function carryOver(loop: Loop, inbox: Inbox): Promise<void> {
  const { monitorId } = loop.state.spec
  await continueAsNew<typeof monitor>({ monitorId, snapshot: snapshotOf(loop, inbox.pending()) })
}
