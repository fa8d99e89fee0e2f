import type { Transition } from '../monitor/types.ts'
import { isoTime } from './format.ts'

/** What a message says beside its text: which groups a bundle stands for, and why it comes late. Sentences, in this order. */
export function notesOf({ bundle, reason, cause, from, to, slot, firstTriggeredAt }: Transition): string[] {
  const notes: string[] = []
  if (bundle !== null) {
    const more = bundle.count - bundle.groups.length
    notes.push(`Groups: ${bundle.groups.join(' · ')}${more > 0 ? ` and ${more} more` : ''}`)
  }
  if (cause !== undefined)
    notes.push(`Held until now by monitor ${cause.monitorId}, which fired${cause.group === '*' ? '' : ` on ${cause.group}`}.`)
  if (reason === 'flapping')
    notes.push(`It changes its status at every other evaluation or so, and is ${to} just now. Nothing more is told until it settles.`)
  if (reason === 'settled') notes.push(`It was flapping, and has settled as ${to}.`)
  if (reason === 'caught-up') {
    const since = firstTriggeredAt === null ? '' : ` since ${isoTime(firstTriggeredAt)}`
    const what = from === to ? `It has been ${to}${since}` : `It was ${from}${since} and is ${to} now`
    notes.push(`Told late, at ${isoTime(slot)}, when evaluations had caught up. ${what}.`)
  }
  return notes
}
