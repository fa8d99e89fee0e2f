import { assertNever } from '../assert.ts'
import type { GroupState, Status } from './types.ts'

/** The worst group: Alert > Warn > No Data > OK. A monitor without groups has seen no data. */
export function overallOf(groups: Readonly<Record<string, GroupState>>): Status {
  let worst: Status | null = null
  for (const key in groups) {
    const status = groups[key]?.status ?? 'OK'
    if (worst === null || severity(status) > severity(worst)) worst = status
  }
  return worst ?? 'No Data'
}

function severity(status: Status): number {
  switch (status) {
    case 'Alert':
      return 3
    case 'Warn':
      return 2
    case 'No Data':
      return 1
    case 'OK':
      return 0
    default:
      return assertNever(status)
  }
}
