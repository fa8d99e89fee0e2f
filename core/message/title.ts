import { assertNever } from '../assert.ts'
import { groupTags } from '../monitor/group.ts'
import type { Status } from '../monitor/spec-types.ts'
import type { Transition, TransitionReason } from '../monitor/types.ts'

/**
 * The title of a message, as `[Triggered on {host:web-1}] CPU is high`. The tags stay out where there are none (the group `*`)
 * and where the monitor's option include_tags is false.
 */
export function titleOf(name: string, { group, to, reason }: Pick<Transition, 'group' | 'to' | 'reason'>, includeTags: boolean): string {
  const tags = groupTags(group)
  const place = includeTags && tags.length > 0 ? ` on {${tags.join(',')}}` : ''
  // A title is one line wherever it goes: a log, a subject, a phone.
  return `[${headline(to, reason)}${place}] ${name}`.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}

/** `Triggered`, `Re-Warn`, `Recovered` …: as Datadog names what happened. */
export function changeName({ to, reason }: Pick<Transition, 'to' | 'reason'>): string {
  return headline(to, reason === 'caught-up' ? 'threshold-crossed' : reason)
}

function headline(to: Status, reason: TransitionReason): string {
  // What is told late says so: it may be over, and nobody shall hurry for it.
  if (reason === 'caught-up') return to === 'OK' ? 'Recovered, told late' : `${headline(to, 'threshold-crossed')}, told late`
  if (reason === 'flapping') return 'Flapping'
  // A status that is told again, as Datadog has it.
  return reason === 'renotify' && to !== 'OK' ? `Re-${word(to)}` : word(to)
}

function word(status: Status): string {
  switch (status) {
    case 'OK':
      return 'Recovered'
    case 'Alert':
      return 'Triggered'
    case 'Warn':
    case 'No Data':
    case 'Unknown':
      return status
    default:
      return assertNever(status)
  }
}
