import { assertNever } from '../assert.ts'
import type { GroupState, Status } from './types.ts'

/** The worst group: Alert > Warn > Unknown > No Data > OK. A monitor without groups has seen no data. */
export function overallOf(groups: Readonly<Record<string, GroupState>>): Status {
  let worst: Status | null = null
  for (const key in groups) {
    const status = groups[key]?.status ?? 'OK'
    if (worst === null || isWorse(status, worst)) worst = status
  }
  return worst ?? 'No Data'
}

export function isWorse(status: Status, than: Status): boolean {
  return status !== than && severity(status) > severity(than)
}

function severity(status: Status): number {
  switch (status) {
    case 'Alert':
      return 4
    case 'Warn':
      return 3
    case 'Unknown':
      return 2
    case 'No Data':
      return 1
    case 'OK':
      return 0
    default:
      return assertNever(status)
  }
}
