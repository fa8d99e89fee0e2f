/**
 * From a value to a level, per group (semantics §3.1–3.2). Never looks at time or at other groups.
 * Read next: observe.ts, its only caller.
 */
import { assertNever } from '../assert.ts'
import type { Comparator, Level, MonitorSpec, Status, Thresholds } from './spec-types.ts'

/**
 * What `value` means for a group whose status is `status`. A group in Alert leaves it only when the recovery condition
 * holds; one in Warn, or coming down from Alert, leaves Warn only when the warning's recovery condition holds.
 */
export function classify(value: number, spec: Pick<MonitorSpec, 'comparator' | 'thresholds'>, status: Status): Level {
  const { comparator, thresholds } = spec
  if (isBad(value, comparator, thresholds.critical, thresholds.criticalRecovery, status === 'Alert')) return 'alert'
  const wasBad = status === 'Alert' || status === 'Warn'
  return isBad(value, comparator, thresholds.warning, thresholds.warningRecovery, wasBad) ? 'warn' : 'ok'
}

/** Whether `value comparator threshold` holds. */
export function compare(value: number, comparator: Comparator, threshold: number): boolean {
  switch (comparator) {
    case '>':
      return value > threshold
    case '>=':
      return value >= threshold
    case '<':
      return value < threshold
    case '<=':
      return value <= threshold
    case '==':
      return value === threshold
    case '!=':
      return value !== threshold
    default:
      return assertNever(comparator)
  }
}

/** The threshold that decides about entering or leaving: shown with the transition. */
export function decidingThreshold(thresholds: Thresholds, from: Status, to: Status): number | null {
  if (to === 'Alert') return thresholds.critical
  if (to === 'Warn') return from === 'Alert' ? (thresholds.criticalRecovery ?? thresholds.critical) : thresholds.warning
  if (to === 'OK' && from === 'Alert') return thresholds.criticalRecovery ?? thresholds.critical
  if (to === 'OK' && from === 'Warn') return thresholds.warningRecovery ?? thresholds.warning
  return null
}

function isBad(value: number, comparator: Comparator, threshold: number | null, recovery: number | null, wasBad: boolean): boolean {
  if (threshold === null) return false
  if (compare(value, comparator, threshold)) return true
  return wasBad && recovery !== null && !hasRecovered(value, comparator, recovery)
}

/** `>` recovers at or below, `>=` below, `<` at or above, `<=` above; equality knows no band. */
function hasRecovered(value: number, comparator: Comparator, recovery: number): boolean {
  switch (comparator) {
    case '>':
      return value <= recovery
    case '>=':
      return value < recovery
    case '<':
      return value >= recovery
    case '<=':
      return value > recovery
    case '==':
    case '!=':
      return true
    default:
      return assertNever(comparator)
  }
}
