import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { assertNever } from '../../core/assert.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import { detailsOf, entityOf, fieldText, openedFor, type Step } from './incident.ts'

const severities = ['info', 'warning', 'error', 'critical'] as const
export type Severity = (typeof severities)[number]

/** An event as `POST /v2/enqueue` takes it. */
export type PagerdutyEvent = Readonly<{
  routing_key: string
  event_action: 'trigger' | 'resolve'
  dedup_key: string
  client?: string
  client_url?: string
  links?: readonly Readonly<{ href: string; text: string }>[]
  payload?: Readonly<{
    summary: string
    source: string
    severity: Severity
    timestamp: string
    class: string
    custom_details: Readonly<Record<string, string>>
  }>
}>

/** As the API has it. */
const summaryCharactersMax = 1_024
const sourceCharactersMax = 255
/** An event has at most 512 KB, and a person reads less: what is longer is cut. */
const detailCharactersMax = 8_000
const detailsMax = 50

/** A resolve needs the key and nothing else: PagerDuty has the rest. */
export function eventOf(step: Step, message: OutgoingMessage, routingKey: string): PagerdutyEvent {
  const dedup_key = message.episode.key
  if (step === 'close') return { routing_key: routingKey, event_action: 'resolve', dedup_key }
  const { title, body, link, subject, transition, priority } = message
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key,
    client: 'Tocsin',
    ...(link === null ? {} : { client_url: link, links: [{ href: link, text: 'Open the monitor' }] }),
    payload: {
      summary: fieldText(title, summaryCharactersMax) || 'Tocsin',
      source: fieldText(entityOf(message), sourceCharactersMax),
      severity: severityOf(openedFor(message), priority),
      timestamp: new Date(transition.firstTriggeredAt ?? transition.slot).toISOString(),
      class: fieldText(subject.type, sourceCharactersMax),
      custom_details: bounded({ message: body, ...detailsOf(message) }),
    },
  }
}

/** The milder of what the status is and what the priority allows: P1 and P2 anything, P3 error, P4 warning, P5 info. */
export function severityOf(status: Status, priority: number | null): Severity {
  const most = priority === null || priority <= 2 ? 'critical' : priority === 3 ? 'error' : priority === 4 ? 'warning' : 'info'
  const own = ofStatus(status)
  return severities.indexOf(own) < severities.indexOf(most) ? own : most
}

function ofStatus(status: Status): Severity {
  switch (status) {
    case 'Alert':
      return 'critical'
    case 'No Data':
      return 'error'
    case 'Warn':
    case 'Unknown':
      return 'warning'
    case 'OK':
      return 'info'
    default:
      return assertNever(status)
  }
}

function bounded(details: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(details).slice(0, detailsMax)
  return Object.fromEntries(entries.map(([name, value]) => [fieldText(name, sourceCharactersMax), fieldText(value, detailCharactersMax)]))
}
