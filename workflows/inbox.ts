/**
 * Messages received and not yet acted upon. Handlers only enqueue, so that the loop alone steps the state.
 * Updates wait here for their answer; only signals can be carried over continue-as-new. Read next: monitor.ts.
 */
import { condition, setHandler } from '@temporalio/workflow'
import type { InboxItem } from '../core/monitor/snapshot.ts'
import {
  type AcknowledgeAnswer,
  type AcknowledgeAsk,
  acknowledgeUpdate,
  type EvaluateNowAnswer,
  evaluateNowUpdate,
  pauseSignal,
  type ResolveAnswer,
  resolveSignal,
  resolveUpdate,
  respecifySignal,
  resumeSignal,
  stopSignal,
} from './messages.ts'

export type Message = Readonly<
  | { kind: 'signal'; item: InboxItem }
  | { kind: 'resolve'; groups: '*' | readonly string[]; answer: (answer: ResolveAnswer) => void }
  | { kind: 'acknowledge'; ask: AcknowledgeAsk; answer: (answer: AcknowledgeAnswer) => void }
  | { kind: 'evaluate-now'; answer: (answer: EvaluateNowAnswer) => void }
>

export type Inbox = Readonly<{
  isEmpty: () => boolean
  take: () => Message | undefined
  /** Whether somebody waits for an answer. */
  isAwaited: () => boolean
  /** Signals that the next run must act upon. */
  pending: () => readonly InboxItem[]
}>

/** Registers all handlers. Called before the first await of a run, so that nothing that came with its start is missed. */
export function openInbox(carried: readonly InboxItem[]): Inbox {
  const messages: Message[] = carried.map((item) => ({ kind: 'signal', item }))
  const enqueue = (item: InboxItem): void => {
    messages.push({ kind: 'signal', item })
  }
  setHandler(respecifySignal, () => enqueue({ kind: 'respecify' }))
  setHandler(pauseSignal, () => enqueue({ kind: 'pause' }))
  setHandler(resumeSignal, () => enqueue({ kind: 'resume' }))
  setHandler(stopSignal, () => enqueue({ kind: 'stop' }))
  setHandler(resolveSignal, ({ groups }) => enqueue({ kind: 'resolve', groups }))
  setHandler(resolveUpdate, ({ groups }) => answered<ResolveAnswer>((answer) => messages.push({ kind: 'resolve', groups, answer })))
  setHandler(acknowledgeUpdate, (ask) => answered<AcknowledgeAnswer>((answer) => messages.push({ kind: 'acknowledge', ask, answer })))
  setHandler(evaluateNowUpdate, () => answered<EvaluateNowAnswer>((answer) => messages.push({ kind: 'evaluate-now', answer })))
  return {
    isEmpty: () => messages.length === 0,
    take: () => messages.shift(),
    isAwaited: () => messages.some((message) => message.kind !== 'signal'),
    pending: () => messages.flatMap((message) => (message.kind === 'signal' ? [message.item] : [])),
  }
}

async function answered<Answer>(ask: (answer: (answer: Answer) => void) => void): Promise<Answer> {
  const replies: Answer[] = []
  ask((answer) => replies.push(answer))
  await condition(() => replies.length > 0)
  const [reply] = replies
  if (reply === undefined) throw new TypeError('an update was answered with nothing')
  return reply
}
