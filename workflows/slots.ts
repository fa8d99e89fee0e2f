/**
 * The slots of a monitor: asked, accounted for, and heard. While PostgreSQL is away, slots that need it wait; all others are judged.
 * Never stores or tells by itself. Read next: evaluate.ts, outbox.ts, core/monitor/evaluation.ts.
 */
import { type Ask, type EvaluateReply, eventsOf, lastOutcomeOf, type Question } from '../core/monitor/evaluation.ts'
import { recordOnDemand, recordSkipped, recordSlots } from '../core/monitor/ledger.ts'
import { countSlots, latestSlot } from '../core/schedule/timetable.ts'
import { type Answered, answerTo } from './evaluate.ts'
import { type Kept, type Loop, transitionsOfKept } from './loop.ts'
import type { EvaluateNowAnswer } from './messages.ts'
import { postpone, resumeStoring, take } from './outbox.ts'

/** `transitions`: how many there are once all is stored. */
type Heard = Readonly<{ outcome: string; transitions: () => number }>

/** One batch of them, by the clock of whoever evaluates. null where none was due, or all of them have to wait. */
export async function evaluateDueSlots(loop: Loop, notBefore: number): Promise<Heard | null> {
  const { state } = loop
  if (state.paused || loop.stopped || countSlots(state, state.lastSlot, notBefore) === 0) {
    heardFromStore(loop)
    return null
  }
  const { catchUpBatchMax: batchMax, catchUpHorizonMs: horizonMs } = loop.bounds
  const { question, reply } = await ask(
    loop,
    { kind: 'due', notBefore: Math.max(notBefore, Date.now()), bounds: { batchMax, horizonMs } },
    notBefore,
  )
  if (question.slots.length === 0) return null
  if (reply.away !== undefined) {
    loop.slotsWait = true
    loop.waited = true
    postpone(loop)
    return null
  }
  heardFromStore(loop)
  loop.ledger = recordSkipped(loop.ledger, question.lastDropped ?? state.lastSlot, question.dropped, 'older than the catch-up horizon')
  loop.ledger = recordSlots(loop.ledger, question.slots, reply.observations, question.newest)
  const heard = await hear(loop, question, reply)
  if (!isBehind(loop)) loop.waited = false
  return heard
}

/** No slot waits for it any more. */
function heardFromStore(loop: Loop): void {
  if (!loop.slotsWait) return
  loop.slotsWait = false
  resumeStoring(loop)
}

function isBehind({ state, now }: Loop): boolean {
  return !state.paused && countSlots(state, state.lastSlot, now) > 0
}

/**
 * An evaluation between slots, as of now; while slots are to be caught up, one of the next of them: none is judged after a later one. The
 * answer counts once all is stored.
 */
export async function evaluateNow(loop: Loop): Promise<() => EvaluateNowAnswer> {
  const due = await evaluateDueSlots(loop, loop.now)
  if (loop.slotsWait) return () => waiting(loop)
  if (due !== null && isBehind(loop)) return answerOf(loop, due, loop.state.lastSlot)
  recordPause(loop)
  const slot = Math.max(loop.now, loop.state.lastSlot + 1)
  const { question, reply } = await ask(loop, { kind: 'at', slot }, slot)
  if (reply.away !== undefined) return () => waiting(loop)
  loop.ledger = recordOnDemand(loop.ledger, slot, reply.observations[0])
  return answerOf(loop, await hear(loop, question, reply), slot)
}

function answerOf(loop: Loop, { outcome, transitions }: Heard, slot: number): () => EvaluateNowAnswer {
  return () => ({ outcome, transitions: transitions(), slot, overall: loop.state.overall })
}

function waiting({ state }: Loop): EvaluateNowAnswer {
  return { outcome: 'waiting', transitions: 0, slot: state.lastSlot, overall: state.overall }
}

async function ask(loop: Loop, ask: Ask, notBefore: number): Promise<Answered> {
  const { run } = loop
  const answered = await answerTo({ ...loop, settled: loop.outbox[0]?.undone.lastSlot ?? null }, ask, notBefore)
  const told = answered.reply.observations.reduce((sum, { changed, missing }) => sum + changed.length + missing.length, 0)
  loop.run = { ...run, evaluations: run.evaluations + 1, told: run.told + told }
  loop.now = answered.reply.now
  loop.stretch = answered.reply.stretch ?? 1
  loop.begunAt = null
  return answered
}

async function hear(loop: Loop, question: Question, reply: EvaluateReply): Promise<Heard> {
  const kept: Kept[] = []
  for (const event of eventsOf(reply, question)) kept.push(await take(loop, event))
  return { outcome: lastOutcomeOf(question, reply), transitions: () => kept.flatMap(transitionsOfKept).length }
}

/** Accounts for the slots of a pause up to now, none of which will be evaluated. */
export function recordPause(loop: Loop): void {
  const { state, now } = loop
  if (!state.paused) return
  const missed = countSlots(state, state.lastSlot, now)
  loop.ledger = recordSkipped(loop.ledger, latestSlot(state, now) ?? state.lastSlot, missed, 'paused')
}
