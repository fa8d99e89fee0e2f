import { assertNever } from '../assert.ts'
import type { Status } from '../monitor/spec-types.ts'
import type { Transition } from '../monitor/types.ts'

/** The names of the conditional blocks of a message: `{{#is_alert}}…{{/is_alert}}`. */
export type MessageFlags = Readonly<{
  is_alert: boolean
  is_warning: boolean
  is_no_data: boolean
  is_recovery: boolean
  is_alert_recovery: boolean
  is_warning_recovery: boolean
  is_no_data_recovery: boolean
  is_alert_to_warning: boolean
  /** A repeat of the present status. */
  is_renotify: boolean
  is_unknown: boolean
}>

/**
 * Which blocks of a message render for a transition. A released notification (`from === to`) reads like the status it releases, flapping like an alert
 * where the group is OK just then, and one that has settled as OK like the recovery from it.
 */
export function flagsOf({ from, to, reason }: Pick<Transition, 'from' | 'to' | 'reason'>): MessageFlags {
  const settled = reason === 'settled' && to === 'OK'
  const recovered = to === 'OK' && (from !== 'OK' || settled)
  return {
    ...entered(reason === 'flapping' && to === 'OK' ? 'Alert' : to),
    is_recovery: recovered,
    is_alert_recovery: recovered && (from === 'Alert' || settled),
    is_warning_recovery: recovered && from === 'Warn',
    is_no_data_recovery: recovered && from === 'No Data',
    is_alert_to_warning: from === 'Alert' && to === 'Warn',
    is_renotify: reason === 'renotify',
  }
}

function entered(to: Status): Pick<MessageFlags, 'is_alert' | 'is_warning' | 'is_no_data' | 'is_unknown'> {
  const none = { is_alert: false, is_warning: false, is_no_data: false, is_unknown: false }
  switch (to) {
    case 'OK':
      return none
    case 'Warn':
      return { ...none, is_warning: true }
    case 'Alert':
      return { ...none, is_alert: true }
    case 'No Data':
      return { ...none, is_no_data: true }
    case 'Unknown':
      return { ...none, is_unknown: true }
    default:
      return assertNever(to)
  }
}
