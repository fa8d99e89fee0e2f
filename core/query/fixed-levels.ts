/**
 * Levels as values, for queries that answer a level rather than a measure (service checks, composites): their thresholds are fixed,
 * so the state machine needs to know nothing of them. A group without a level is missing.
 */
import { assertNever } from '../assert.ts'
import type { Level, Thresholds } from '../monitor/spec-types.ts'

/** Compared with `>=`. */
export const levelThresholds: Thresholds = { critical: 2, warning: 1, criticalRecovery: null, warningRecovery: null }

export function levelValue(level: Level): number {
  switch (level) {
    case 'ok':
      return 0
    case 'warn':
      return 1
    case 'alert':
      return 2
    default:
      return assertNever(level)
  }
}
