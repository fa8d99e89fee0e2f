/**
 * What a message means to a receiver that opens and closes: nothing of how it is asked to. Never opens anything for a recovery,
 * and never closes what another group of the same episode still needs open.
 * Read next: pagerduty.ts, opsgenie.ts.
 */
import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import { assertNever } from '../../core/assert.ts'
import { boundText } from '../../core/message/format.ts'
import { parseGroupKey } from '../../core/monitor/group.ts'
import type { Status } from '../../core/monitor/spec-types.ts'

export type Step = 'open' | 'close'
/** In order. None: `reason` says why there is nothing to ask for. */
export type Steps = Readonly<{ steps: readonly Step[]; refused: boolean; reason: string }>

export function stepsOf({ form, transition, episode }: OutgoingMessage): Steps {
  switch (form) {
    case 'digest':
      return { steps: [], refused: true, reason: 'a digest tells of many monitors: nothing of it can be opened and closed' }
    case 'test':
      return { steps: ['open', 'close'], refused: false, reason: 'opened and closed' }
    case 'single':
    case 'storm':
    case 'merged':
      break
    default:
      return assertNever(form)
  }
  if (transition.to !== 'OK') return { steps: ['open'], refused: false, reason: 'opened' }
  if (episode.othersOpen > 0)
    return { steps: [], refused: false, reason: `nothing to close yet: ${episode.othersOpen} more of its groups aren't OK` }
  // It is over before anybody could hear of it: it is to be seen all the same.
  if (form === 'merged' && episode.reference === null) return { steps: ['open', 'close'], refused: false, reason: 'opened and closed' }
  return { steps: ['close'], refused: false, reason: 'closed' }
}

const byBadness: readonly Status[] = ['Alert', 'No Data', 'Warn', 'Unknown', 'OK']

/** What is opened for: the status that is told, or the worst of what is over already. */
export function openedFor({ transition, transitions }: OutgoingMessage): Status {
  if (transition.to !== 'OK') return transition.to
  const seen = transitions.flatMap(({ from, to }) => [from, to])
  return byBadness.find((status) => seen.includes(status)) ?? 'OK'
}

/** Groups that a message names: lists longer than this are for the monitor's page. */
const groupsMax = 100

/** What it is about, for fields of a name and a text; all of it was rendered or decided, nothing is a secret. */
export function detailsOf(message: OutgoingMessage): Readonly<Record<string, string>> {
  const { id, subject, transition, transitions, priority } = message
  const groups = [...new Set(transitions.map(({ group }) => group))]
  return {
    message_id: id,
    monitor_id: String(subject.monitorId),
    monitor_name: subject.name,
    status: transition.to,
    ...(priority === null ? {} : { priority: `P${priority}` }),
    ...(transition.value === null || groups.length > 1 ? {} : { value: String(transition.value) }),
    ...(transition.threshold === null ? {} : { threshold: String(transition.threshold) }),
    query: subject.query,
    ...(subject.tags.length === 0 ? {} : { monitor_tags: subject.tags.join(', ') }),
    ...(groups.length > 1 ? { groups: listed(groups) } : tagDetails(transition.group)),
  }
}

/** What of it is broken: the group, or all that the monitor watches. */
export function entityOf({ subject, transition }: OutgoingMessage): string {
  return transition.group === '*' ? `monitor ${subject.monitorId}` : transition.group
}

/** As a field of a bounded length takes it. */
export function fieldText(value: string, charactersMax: number): string {
  return boundText(value.toWellFormed(), charactersMax)
}

function listed(groups: readonly string[]): string {
  const shown = groups.slice(0, groupsMax).join('\n')
  return groups.length <= groupsMax ? shown : `${shown}\n… and ${groups.length - groupsMax} more`
}

function tagDetails(group: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parseGroupKey(group)).map(([key, value]) => [`tag.${key}`, value]))
}
