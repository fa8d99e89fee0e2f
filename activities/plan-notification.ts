/**
 * From a commit to messages: renders each told transition and writes down who is to be sent what, before anything is sent.
 * Never sends, and never plans a message twice: asked again, it finds its own plan.
 * Read next: workflows/notify.ts, deliver.ts.
 */
import { withRuleRecipients } from '../core/notification-rules/match.ts'
import type { PreparedRule } from '../core/notification-rules/rule.ts'
import { beating } from './beating.ts'
import type { NotificationJob, RenderedMessage } from './notification-ports.ts'
import type { ActivityPorts } from './ports.ts'

export type PlanInput = Readonly<{ monitorId: number; sequence: number }>
export type PlanAnswer = Readonly<{ receivers: string[] }>

/** Every message goes here, too. */
const logName = 'log'
/** Deliveries of one commit run side by side; a server takes some thousands of pending activities of a workflow. */
const receiversMax = 500

export function planNotificationActivities(ports: Pick<ActivityPorts, 'notifications' | 'renderer'>) {
  return {
    /** Names of the receivers that have messages waiting, each once. Rejects while the store is away; the caller retries. */
    async planNotification(input: PlanInput): Promise<PlanAnswer> {
      return beating(() => plan(ports, input))
    },
  }
}

async function plan(ports: Pick<ActivityPorts, 'notifications' | 'renderer'>, { monitorId, sequence }: PlanInput): Promise<PlanAnswer> {
  const job = await ports.notifications.load(monitorId, sequence)
  if (job === null) return { receivers: [] }
  const messages = render(job, ports.renderer, await ports.notifications.rules())
  const handles = [...new Set([logName, ...messages.flatMap((message) => message.handles)])]
  const known = new Set((await ports.notifications.receivers(handles)).map((receiver) => receiver.name))
  const receivers = handles.filter((handle) => known.has(handle)).slice(0, receiversMax)
  await ports.notifications.plan(
    monitorId,
    sequence,
    messages.flatMap((message) => addressed(message, new Set(receivers))),
    handles.filter((handle) => !receivers.includes(handle)),
  )
  return { receivers }
}

/** Whom a message names, configured or not. */
export function addresseesOf({ handles }: Pick<RenderedMessage, 'handles'>): string[] {
  return [...new Set([logName, ...handles])]
}

type Message = RenderedMessage & Readonly<{ transitionSequence: number }>

function render({ subject, transitions }: NotificationJob, renderer: ActivityPorts['renderer'], rules: readonly PreparedRule[]): Message[] {
  return transitions.map((transition) => {
    const message = renderer.render(subject, transition)
    const handles = withRuleRecipients(message.handles, rules, { tags: subject.tags, priority: message.priority }, transition)
    return { ...message, handles, transitionSequence: transition.sequence }
  })
}

function addressed({ transitionSequence, title, body, handles, notes }: Message, receivers: ReadonlySet<string>) {
  const named = addresseesOf({ handles }).filter((handle) => receivers.has(handle))
  return named.map((receiver) => ({ transitionSequence, receiver, title, body: withNotes(body, notes) }))
}

function withNotes(body: string, notes: readonly string[]): string {
  return [body, ...notes.map((note) => `(${note})`)].join('\n\n')
}
