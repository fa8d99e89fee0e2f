/** What a composite comes to. Read next: composite-join.ts, for which groups. */
import { assertNever } from '../assert.ts'
import type { Level, Status } from '../monitor/spec-types.ts'
import type { CompositeExpression } from './composite-nodes.ts'

type Known = Exclude<Status, 'Unknown'>

/** `&&` takes the least severe, `||` the most. Unknown is what nobody knows: No Data. */
export function compositeStatus(expression: CompositeExpression, statusOf: (monitorId: number) => Status): Known {
  switch (expression.kind) {
    case 'monitor': {
      const status = statusOf(expression.id)
      return status === 'Unknown' ? 'No Data' : status
    }
    case 'not':
      return opposite(compositeStatus(expression.of, statusOf))
    case 'and':
      return expression.of
        .map((part) => compositeStatus(part, statusOf))
        .reduce((one, other) => (severity(one) <= severity(other) ? one : other))
    case 'or':
      return expression.of
        .map((part) => compositeStatus(part, statusOf))
        .reduce((one, other) => (severity(one) >= severity(other) ? one : other))
    default:
      return assertNever(expression)
  }
}

/** null = there are no data to have a level. */
export function levelOf(status: Known): Level | null {
  switch (status) {
    case 'Alert':
      return 'alert'
    case 'Warn':
      return 'warn'
    case 'OK':
      return 'ok'
    case 'No Data':
      return null
    default:
      return assertNever(status)
  }
}

/** What is bad is fine, and what is fine is bad; what nobody knows stays unknown. */
function opposite(status: Known): Known {
  switch (status) {
    case 'OK':
      return 'Alert'
    case 'Warn':
    case 'Alert':
      return 'OK'
    case 'No Data':
      return 'No Data'
    default:
      return assertNever(status)
  }
}

function severity(status: Known): number {
  switch (status) {
    case 'Alert':
      return 4
    case 'Warn':
      return 3
    case 'No Data':
      return 2
    case 'OK':
      return 1
    default:
      return assertNever(status)
  }
}
