import { type GroupEpisode, partition, type Sight } from '../core/delivery/partition.ts'
import type { Transition } from '../core/monitor/types.ts'
import type { RuleBundle } from '../core/notification-rules/bundles.ts'
import { compose, linkTo } from './compose.ts'
import type { NotificationPlan, NotificationSubject, Notifier, Receiver } from './notification-ports.ts'
import type { ActivityPorts } from './ports.ts'

export type PlanForInput = Readonly<{
  subject: NotificationSubject
  receiver: Receiver
  /** Ascending by sequence, at least one. */
  transitions: readonly Transition[]
  known: Readonly<Record<string, GroupEpisode>>
  fallbackFor: string | null
  bundle: RuleBundle | null
}>

/** The messages of one commit for one receiver, in its markup, with what they do to its episodes. */
export function planFor(
  ports: Pick<ActivityPorts, 'renderer' | 'notifiers' | 'publicUrl'>,
  { subject, receiver, transitions, known, fallbackFor, bundle: asked }: PlanForInput,
): NotificationPlan {
  const notifier = notifierOf(ports, receiver)
  const link = linkTo(ports, subject.monitorId)
  const sight = sightOf(receiver, notifier)
  const { parts, episodes } = partition(subject.monitorId, sight, transitions, known)
  // What has to be closed again is never put off, and the log is read afterwards.
  const bundle = sight === 'messages' ? asked : null
  const deliveries = parts.flatMap(({ form, transitions: [first, ...others], chain, opens, episode }) => {
    if (first === undefined) return []
    const all = [first, ...others] as const
    const text = compose(ports.renderer, { form, subject, transitions: all, markup: notifier?.markup ?? 'none', link })
    const sequences = all.map(({ sequence }) => sequence)
    const transitionSequence = sequences.at(-1) ?? first.sequence
    const transitionSequences = form === 'single' ? [] : sequences
    return [{ receiver: receiver.name, form, transitionSequence, transitionSequences, chain, opens, ...text, episode, fallbackFor, bundle }]
  })
  return { deliveries, episodes: episodes.map((change) => ({ ...change, receiver: receiver.name })) }
}

/** undefined: this worker doesn't know the kind; the next one may. */
export function notifierOf({ notifiers }: Pick<ActivityPorts, 'notifiers'>, { kind }: Receiver): Notifier | undefined {
  return notifiers.find((candidate) => candidate.kind === kind)
}

export function sightOf({ kind }: Receiver, notifier: Notifier | undefined): Sight {
  if (kind === 'log') return 'log'
  return notifier?.incidents === true ? 'incidents' : 'messages'
}
