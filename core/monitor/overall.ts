import { assertNever } from '../assert.ts'
import type { Status } from './spec-types.ts'

/** Alert > Warn > Unknown > No Data > OK. */
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
