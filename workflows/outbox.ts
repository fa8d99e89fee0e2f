/**
 * Steps the state and stores what that came to: at once as a rule, later and in the same order where PostgreSQL is away. Nobody is told of
 * anything that isn't stored. Never decides anything: step() does. Read next: core/monitor/outbox.ts (the bounds), perform.ts.
 */
import { proxyLocalActivities, sleep } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { adopt } from '../core/monitor/begin.ts'
import { delayMs, fits, postponed, type Undone } from '../core/monitor/outbox.ts'
import { step } from '../core/monitor/step.ts'
import type { Effect, MonitorEvent, MonitorState } from '../core/monitor/types.ts'
import type { Kept, Loop } from './loop.ts'
import { indexDefinition, perform } from './perform.ts'

const { load } = proxyLocalActivities<Pick<Activities, 'load'>>({
  startToCloseTimeout: '20s',
  // The store has just answered, and without what it holds nothing can follow.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
})

const { readClock } = proxyLocalActivities<Pick<Activities, 'readClock'>>({ startToCloseTimeout: '5s' })

/** Once taken over, a state can't meet another decision again, unless somebody else writes; then the reconciler's turn comes. */
const divergencesMax = 3

/** Steps, and stores what that came to: now, or once PostgreSQL is back. What doesn't fit beside the state is waited for. */
export async function take(loop: Loop, event: MonitorEvent): Promise<Kept> {
  const before = loop.state
  const result = step(before, event)
  loop.state = result.state
  const kept = { undone: undoneOf(before, event, result.effects) }
  await keep(loop, kept)
  return kept
}

/** A monitor's beginning. */
export async function takeFirst(loop: Loop, effects: readonly Effect[]): Promise<void> {
  await keep(loop, { undone: { event: null, effects, lastSlot: loop.state.lastSlot } })
}

/** Whatever waits is tried again, unless it was a moment ago. */
export async function storeIfDue(loop: Loop): Promise<void> {
  if (loop.outbox.length > 0 && !isPostponed(loop)) await store(loop)
}

/** Waits until all is stored, however long that takes. */
export async function storeAll(loop: Loop): Promise<void> {
  while (loop.outbox.length > 0) {
    await sleep(delayMs(loop.retry?.failures ?? 1))
    loop.now = await readClock({ notBefore: Date.now() })
    loop.waited = true
    await store(loop)
  }
}

/** `answer` now, or once all that was decided until now is stored. */
export function whenStored(loop: Loop, answer: () => void): void {
  if (loop.outbox.length === 0) answer()
  else loop.unanswered.push(answer)
}

/** PostgreSQL gave no answer: it is asked again, not at once. */
export function postpone(loop: Loop): void {
  loop.retry = postponed(loop.retry, loop.now)
}

/** PostgreSQL answered. */
export function resumeStoring(loop: Loop): void {
  if (loop.outbox.length === 0 && !loop.slotsWait && !loop.editWaits) loop.retry = null
}

export function isPostponed({ retry, now }: Loop): boolean {
  return retry !== null && retry.at > now
}

function undoneOf({ lastSlot, spec }: MonitorState, event: MonitorEvent, effects: readonly Effect[]): Undone {
  return { event, effects, lastSlot, ...(event.kind === 'respecified' ? { spec } : {}) }
}

async function keep(loop: Loop, kept: Kept): Promise<void> {
  if (kept.undone.effects.length === 0) return
  loop.outbox.push(kept)
  // Behind others it waits for its turn.
  if (loop.outbox.length === 1 && !isPostponed(loop)) await store(loop)
  if (!fits(loop.outbox.map(({ undone }) => undone))) await storeAll(loop)
}

async function store(loop: Loop): Promise<void> {
  let divergences = 0
  for (let [first] = loop.outbox; first !== undefined; [first] = loop.outbox) {
    const outcome = await perform(first.undone.effects)
    if (outcome === 'away') {
      loop.run = { ...loop.run, messages: loop.run.messages + 1 }
      return postpone(loop)
    }
    if (outcome === 'moved') return leave(loop)
    if (outcome === 'diverged') divergences += 1
    if (outcome === 'diverged' && divergences < divergencesMax) await takeOver(loop)
    else loop.outbox.shift()
  }
  resumeStoring(loop)
  for (const answer of loop.unanswered.splice(0)) answer()
}

/** Another workflow, in another cell, goes on with this monitor from what is stored: what this one decided since is void. */
function leave(loop: Loop): void {
  loop.stopped = true
  for (const kept of loop.outbox.splice(0)) kept.undone = { ...kept.undone, effects: [] }
  for (const answer of loop.unanswered.splice(0)) answer()
}

/** The store knows better: what it holds is taken over, and all that was decided since is judged on top of it. */
async function takeOver(loop: Loop): Promise<void> {
  const waiting = loop.outbox.splice(0)
  const lastSlot = waiting[0]?.undone.lastSlot ?? loop.state.lastSlot
  const spec = waiting.find(({ undone }) => undone.spec !== undefined)?.undone.spec ?? loop.state.spec
  const loaded = await load({ monitorId: spec.monitorId, afterMs: lastSlot, notBefore: lastSlot })
  const before = { ...loop.state, spec, lastSlot }
  loop.state = loaded === null || loaded.stored === null ? before : adopt(before, loaded.stored)
  for (const kept of waiting) {
    const { event } = kept.undone
    if (event === null) continue
    const { state, effects } = step(loop.state, event)
    kept.undone = undoneOf(loop.state, event, effects)
    loop.state = state
    if (effects.length > 0) loop.outbox.push(kept)
  }
  indexDefinition(loop.state.spec, loop.state.overall)
}
