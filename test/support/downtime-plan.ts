import type { DowntimePlan } from '../../core/downtime/plan.ts'

/** All groups of all monitors from the beginning of time on, but for what is said. */
export function planOf(said: Partial<DowntimePlan> = {}): DowntimePlan {
  return {
    scope: '*',
    scopes: ['*'],
    monitorId: null,
    monitorTags: ['*'],
    message: null,
    startMs: 0,
    endMs: null,
    recurrences: [],
    legacyRecurrence: null,
    timezone: 'UTC',
    displayTimezone: 'UTC',
    muteFirstRecovery: false,
    notifyEndStates: ['alert', 'no data', 'warn'],
    notifyEndTypes: ['expired'],
    ...said,
  }
}
