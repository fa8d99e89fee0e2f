/** Stored deliveries as the messages that notifiers take. Read next: send.ts, core/delivery/text.ts. */
import { episodeKey } from '../core/delivery/episode.ts'
import { digestText, worstOf } from '../core/delivery/text.ts'
import { messageId } from '../core/message/id.ts'
import type { Markup } from '../core/message/markup.ts'
import type { Transition } from '../core/monitor/types.ts'
import { linkTo } from './compose.ts'
import type { StoredMessage } from './lane-ports.ts'
import type { Episode, OutgoingMessage } from './notification-ports.ts'
import type { ActivityPorts } from './ports.ts'

/** Transitions that a digest hands on; its text counts all messages. */
const digestTransitionsMax = 1_000

/** null: what it tells isn't stored any more. */
export function outgoingOf(ports: Pick<ActivityPorts, 'publicUrl'>, message: StoredMessage, receiver: string): OutgoingMessage | null {
  const [first, ...others] = message.transitions
  if (first === undefined) return null
  const transitions = [first, ...others] as const
  const last = transitions.at(-1) ?? first
  return {
    id: messageId(message.monitorId, last, receiver),
    form: message.form,
    subject: message.subject,
    transition: message.form === 'storm' ? worstOf(transitions) : last,
    transitions,
    title: message.title,
    body: message.body,
    priority: message.priority ?? message.subject.priority,
    episode: episodeOf(message, last),
    link: linkTo(ports, message.monitorId),
  }
}

function episodeOf({ monitorId, episode }: StoredMessage, last: Transition): Episode {
  return episode ?? { key: episodeKey(monitorId, last.group), reference: null, othersOpen: 0 }
}

/** Constant as long as the first of them is the same; a digest's deliveries stay together. */
export function digestIdOf(firstId: number, receiver: string): string {
  return `msg_digest_${firstId}_${receiver}`
}

/** Several deliveries as one message. null as above. */
export function digestOf(
  ports: Pick<ActivityPorts, 'publicUrl'>,
  messages: readonly StoredMessage[],
  { id, markup }: Readonly<{ id: string; markup: Markup }>,
): OutgoingMessage | null {
  const [first, ...others] = messages.flatMap(({ transitions }) => transitions).slice(0, digestTransitionsMax)
  const subject = messages.find(({ transitions }) => transitions.length > 0)?.subject
  if (first === undefined || subject === undefined) return null
  const transitions = [first, ...others] as const
  const monitors = new Set(messages.map(({ monitorId }) => monitorId)).size
  const priorities = messages.flatMap(({ priority }) => (priority === null ? [] : [priority]))
  return {
    id,
    form: 'digest',
    subject,
    transition: worstOf(transitions),
    transitions,
    ...digestText(
      messages.map(({ title }) => title),
      messages.length,
      monitors,
      markup,
    ),
    priority: priorities.length === 0 ? null : Math.min(...priorities),
    episode: { key: id.slice(0, 200), reference: null, othersOpen: 0 },
    link: monitors === 1 ? linkTo(ports, subject.monitorId) : null,
  }
}
