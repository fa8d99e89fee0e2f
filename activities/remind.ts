import type { Gate } from './gate.ts'
import type { OutgoingMessage } from './notification-ports.ts'
import { outgoingOf } from './outgoing.ts'
import type { SendPorts, Target } from './send.ts'

/** Messages of one reminder: each holds the transitions that it tells. */
const remindersPerCall = 200

/**
 * Tells receivers that forget again what is open, when it is time. Answers in how many ms the next time is; null = nothing is open, or
 * the receiver doesn't forget. What can't be told now is told the next time: that is what reminders are.
 */
export async function remind(ports: SendPorts, { receiver, notifier }: Target, gate: Gate): Promise<number | null> {
  const { refresh } = notifier
  if (refresh === undefined) return null
  const nowMs = ports.clock()
  const { refreshedAtMs } = gate.state()
  if (refreshedAtMs !== null && refreshedAtMs + refresh.everyMs > nowMs) {
    const open = await ports.lanes.remindable(receiver.name, refresh.resolvedForMs, 0, 1)
    return open.length === 0 ? null : refreshedAtMs + refresh.everyMs - nowMs
  }
  let any = false
  for (let after = 0; ; ) {
    const page = await ports.lanes.remindable(receiver.name, refresh.resolvedForMs, after, remindersPerCall)
    const messages = page.flatMap((message): OutgoingMessage[] => {
      const outgoing = outgoingOf(ports, message, receiver.name)
      return outgoing === null ? [] : [outgoing]
    })
    if (messages.length > 0) await refresh.deliver(messages, receiver).catch(() => {})
    any ||= page.length > 0
    after = page.at(-1)?.id ?? after
    if (page.length < remindersPerCall) break
  }
  await gate.refreshed(nowMs)
  return any ? refresh.everyMs : null
}
