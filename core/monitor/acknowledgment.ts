/** For how long what somebody acknowledged isn't repeated. Read next: acknowledge.ts. */
import type { Acknowledgment, BundleState } from './types.ts'

/** From when on a repeat that is due at `dueAt` may be told; null = not before the status changes. */
export function afterAcknowledged({ acknowledged }: Pick<BundleState, 'acknowledged'>, dueAt: number): number | null {
  if (acknowledged === undefined || acknowledged === null) return dueAt
  return acknowledged.until === null ? null : Math.max(dueAt, acknowledged.until)
}

/** Of groups that are told as one now: only where somebody knows of all of them, and for as long as of each. */
export function acknowledgedTogether(units: readonly (Pick<BundleState, 'acknowledged'> | undefined)[]): Acknowledgment | null {
  let first: Acknowledgment | null = null
  for (const unit of units) {
    const acknowledged = unit?.acknowledged ?? null
    if (acknowledged === null) return null
    if (first === null || endOf(acknowledged) < endOf(first)) first = acknowledged
  }
  return first
}

function endOf({ until }: Acknowledgment): number {
  return until ?? Number.POSITIVE_INFINITY
}
