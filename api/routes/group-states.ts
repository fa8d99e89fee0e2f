import type { GroupStateName } from '../../contract/pages.ts'

const statuses: Readonly<Record<Exclude<GroupStateName, 'all'>, string>> = {
  alert: 'Alert',
  warn: 'Warn',
  'no data': 'No Data',
  ok: 'OK',
  ignored: 'Ignored',
  skipped: 'Skipped',
  unknown: 'Unknown',
}

/** Statuses that `group_states` asks for; null = every one. */
export function statusesOf(names: readonly GroupStateName[]): string[] | null {
  return names.includes('all') ? null : names.flatMap((name) => (name === 'all' ? [] : [statuses[name]]))
}
