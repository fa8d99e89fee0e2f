/**
 * A transition in one line, as expectations write it and differences show it:
 * `3 host:a OK → Alert, threshold-crossed, value 95, told entered-alert`.
 * Read next: compare.ts.
 */
import type { Status } from '../monitor/spec-types.ts'
import type { NotifyDecision, Transition } from '../monitor/types.ts'
import { type ExpectedTransition, isStatus, type Moment, statusNames } from './types.ts'

export type ParsedLine = Readonly<{ ok: true; transition: ExpectedTransition } | { ok: false; message: string }>

const shape = 'expected SLOT GROUP FROM → TO, REASON, told REASON, like: 3 host:a OK → Alert, threshold-crossed, told entered-alert'
/** Slot, perhaps a group, and the two statuses; `->` for those who have no arrow on their keyboard. */
const head = new RegExp(`^(\\S+)\\s+(?:(\\S.*?)\\s+)??(${statusNames.join('|')})\\s*(?:→|->)\\s*(${statusNames.join('|')})$`)

/** The parts after the first may stand in any order, and may be left out: then they aren't compared. */
export function parseTransitionLine(text: string, momentOf: (text: string) => Moment | null): ParsedLine {
  const [first = '', ...parts] = text.trim().split(/,\s+/)
  const [, atText, group, from, to] = head.exec(first) ?? []
  if (atText === undefined || from === undefined || to === undefined) {
    return { ok: false, message: `${shape}; a status is one of ${statusNames.join(', ')}` }
  }
  const at = momentOf(atText)
  if (at === null) return { ok: false, message: `${JSON.stringify(atText)} is no slot: ${shape}` }
  if (!isStatus(from) || !isStatus(to)) return { ok: false, message: shape }
  let transition: ExpectedTransition = { at, group: group ?? '*', from, to, reason: null, value: null, notify: null }
  for (const part of parts) {
    const said = parsePart(part.trim())
    if (said === null) return { ok: false, message: `${JSON.stringify(part)} is unclear: ${shape}` }
    transition = { ...transition, ...said }
  }
  return { ok: true, transition }
}

function parsePart(part: string): Partial<ExpectedTransition> | null {
  const [, not, , told] = /^(not )?told( ([a-z-]+))?$/.exec(part) ?? []
  if (/^(not )?told\b/.test(part))
    return /^(not )?told( [a-z-]+)?$/.test(part) ? { notify: { send: not === undefined, reason: told ?? null } } : null
  const [, value] = /^value (\S+)$/.exec(part) ?? []
  if (value !== undefined) return Number.isFinite(Number(value)) ? { value: Number(value) } : null
  return /^[a-z]+(-[a-z]+)*$/.test(part) ? { reason: part } : null
}

/** A transition that came out, with the number of its slot. */
export type PlacedTransition = Readonly<{ slot: number; transition: Transition }>

export function printTransition({ slot, transition }: PlacedTransition): string {
  const { group, from, to, reason, value, notify } = transition
  return print(slot, group, from, to, [reason, valueText(value), notifyText(notify)])
}

export function printExpected(expected: ExpectedTransition, slot: number): string {
  const { group, from, to, reason, value, notify } = expected
  return print(slot, group, from, to, [reason, valueText(value), notify === null ? null : notifyText(notify)])
}

function print(slot: number, group: string, from: Status, to: Status, parts: readonly (string | null)[]): string {
  return [`${slot} ${group} ${from} → ${to}`, ...parts.filter((part) => part !== null)].join(', ')
}

function valueText(value: number | null): string | null {
  return value === null ? null : `value ${value}`
}

function notifyText(notify: Readonly<{ send: boolean; reason: NotifyDecision['reason'] | string | null }>): string {
  return `${notify.send ? 'told' : 'not told'}${notify.reason === null ? '' : ` ${notify.reason}`}`
}
