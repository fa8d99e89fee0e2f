/** Who would have been told what, receiver by receiver, and the answer in one sentence. Read next: report.ts. */
import { type Bounded, boundedList } from './bounded.ts'
import type { BacktestNotification, WouldHave } from './report.ts'

/** Receivers that are listed; a message that makes handles out of tags can name any number. */
const receiversMax = 100
/** Receivers that are counted at all. */
const countedMax = 10_000
/** Messages that are listed of each: titles to recognise it by. */
const messagesMax = 100
/** Of all lists together. */
const bytesMax = 250_000

export type TellingDraft = Readonly<{
  add: (receivers: readonly string[], message: Message) => void
  receivers: () => readonly string[]
  close: (known: ReadonlySet<string>) => BacktestNotification[]
}>

type Message = BacktestNotification['messages'][number]

export function openTelling(): TellingDraft {
  const told = new Map<string, { count: number; readonly messages: Bounded<Message> }>()
  return {
    add: (receivers, message) => {
      for (const receiver of receivers) {
        if (!told.has(receiver) && told.size >= countedMax) continue
        const one = told.get(receiver) ?? { count: 0, messages: boundedList<Message>(messagesMax, bytesMax / receiversMax) }
        one.count += 1
        one.messages.add(message)
        told.set(receiver, one)
      }
    },
    receivers: () => [...told.keys()],
    close: (known) =>
      [...told]
        .map(([receiver, { count, messages }]) => ({
          receiver,
          known: known.has(receiver),
          count,
          messages: messages.items,
          messages_left_out: messages.leftOut(),
        }))
        .sort((one, other) => other.count - one.count || (one.receiver < other.receiver ? -1 : 1))
        .slice(0, receiversMax),
  }
}

/** `would have alerted 3 times and notified @webhook-ops 5 times`. The log is always told, and named only where nobody else is. */
export function summaryOf(
  wouldHave: Pick<WouldHave, 'alerted' | 'warned' | 'gone_no_data'>,
  told: readonly BacktestNotification[],
): string {
  const { alerted, warned, gone_no_data: noData } = wouldHave
  const notified = notifiedOf(told)
  const happened = [
    ...(alerted > 0 ? [`alerted ${times(alerted)}`] : []),
    ...(warned > 0 ? [`warned ${times(warned)}`] : []),
    ...(noData > 0 ? [`gone without data ${times(noData)}`] : []),
  ]
  if (happened.length > 0) return `would have ${listed([...happened, notified ?? 'notified nobody'])}`
  return notified === null ? 'would not have alerted, nor notified anybody' : `would not have alerted, but ${notified}`
}

/** null = nobody. */
function notifiedOf(told: readonly BacktestNotification[]): string | null {
  const heard = told.filter(({ receiver, known }) => known && receiver !== 'log')
  const log = told.find(({ receiver }) => receiver === 'log')
  if (heard.length > 0) {
    const named = heard.slice(0, namedMax).map(({ receiver, count }) => `@${receiver} ${times(count)}`)
    const more = heard.length - named.length
    return `notified ${listed([...named, ...(more > 0 ? [`${more} more`] : [])])}`
  }
  return log === undefined ? null : `written ${log.count === 1 ? 'one message' : `${log.count} messages`} to the log`
}

/** Receivers that one sentence holds. */
const namedMax = 5

function times(count: number): string {
  if (count === 1) return 'once'
  return count === 2 ? 'twice' : `${count} times`
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
}
