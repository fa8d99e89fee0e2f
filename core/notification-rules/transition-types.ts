import { assertNever } from '../assert.ts'
import { flagsOf, type MessageFlags } from '../message/flags.ts'
import type { Scope, Transition } from '../monitor/types.ts'

/** What rules are asked about beside tags, as if it were a tag: what a notification tells, by the names of a message's blocks. */
export const transitionTypeKey = 'transition_type'
/** And how urgent it is: `p1` to `p5`. */
export const priorityKey = 'priority'

/** Each with the shorter names that people write for it. */
const spellings: Readonly<Record<keyof MessageFlags, readonly string[]>> = {
  is_alert: ['is_alert', 'alert'],
  is_warning: ['is_warning', 'warning', 'warn'],
  is_no_data: ['is_no_data', 'no_data'],
  is_recovery: ['is_recovery', 'recovery', 'ok'],
  is_alert_recovery: ['is_alert_recovery', 'alert_recovery'],
  is_warning_recovery: ['is_warning_recovery', 'warning_recovery'],
  is_no_data_recovery: ['is_no_data_recovery', 'no_data_recovery'],
  is_alert_to_warning: ['is_alert_to_warning', 'alert_to_warning'],
  is_renotify: ['is_renotify', 'renotify'],
  is_unknown: ['is_unknown', 'unknown'],
}
const all: ReadonlySet<string> = new Set(Object.values(spellings).flat())
const priorities: ReadonlySet<string> = new Set(['p1', 'p2', 'p3', 'p4', 'p5', '1', '2', '3', '4', '5'])

export function transitionTypesOf(transition: Pick<Transition, 'from' | 'to' | 'reason'>): readonly string[] {
  const held = Object.entries(flagsOf(transition)).filter(([, holds]) => holds)
  return held.flatMap(([flag]) => Object.entries(spellings).find(([name]) => name === flag)?.[1] ?? [])
}

export function prioritiesOf(priority: number | null): readonly string[] {
  return priority === null ? [] : [`p${priority}`, String(priority)]
}

/** A value of the two keys that nothing ever has, as a sentence; null = there is none. A pattern with `*` may be met. */
export function unmetName(scope: Scope): string | null {
  switch (scope.kind) {
    case 'all':
      return null
    case 'tag':
      return unmetValue(scope.key, scope.value)
    case 'not':
      return unmetName(scope.of)
    case 'and':
    case 'or':
      return scope.of.map(unmetName).find((found) => found !== null) ?? null
    default:
      return assertNever(scope)
  }
}

function unmetValue(key: string, value: string | null): string | null {
  if (value === null || value.includes('*')) return null
  if (key === transitionTypeKey && !all.has(value)) {
    return `${JSON.stringify(value)} is no ${transitionTypeKey}: expected one of ${Object.keys(spellings).join(', ')}`
  }
  if (key === priorityKey && !priorities.has(value)) return `${JSON.stringify(value)} is no ${priorityKey}: expected p1 to p5`
  return null
}
