import type { MessageContext } from '../core/message/context.ts'
import { mayAskForDetails } from '../core/message/details.ts'
import type { Transition } from '../core/monitor/types.ts'
import type { MessageRenderer, NotificationSubject } from './notification-ports.ts'
import type { ActivityPorts } from './ports.ts'

/** Transitions of one commit that details are asked for: more of them are a storm, and its message shows one. */
const detailedMax = 200

/**
 * The same ports, with a renderer that knows what came with what triggered each of the transitions, where a text of the definition may
 * name it. Never rejects for what a source does: such a name is then empty, and the message has a note.
 */
export async function withDetails<Ports extends Pick<ActivityPorts, 'renderer' | 'details'>>(
  ports: Ports,
  subject: NotificationSubject,
  transitions: readonly Transition[],
): Promise<Ports> {
  const { name, message, options } = subject
  const texts = [name, message, typeof options.escalation_message === 'string' ? options.escalation_message : '']
  if (ports.details === undefined || !texts.some(mayAskForDetails)) return ports
  const asked = transitions.slice(0, detailedMax)
  const found = await ports.details.of(subject, asked)
  const bySequence = new Map<number, MessageContext>(asked.map(({ sequence }, index) => [sequence, found[index] ?? {}]))
  const renderer: MessageRenderer = {
    render: (of, transition, how) => ports.renderer.render(of, transition, { ...how, carried: bySequence.get(transition.sequence) ?? {} }),
  }
  return { ...ports, renderer }
}
