/** A group as it is answered: what is known of it, with what its bundle was told. Read next: routes/status.ts, routes/firing.ts. */
import type { GroupStatusRow } from '../adapters/postgres/queries/status.ts'
import { keysOfBundles } from '../core/monitor/bundles.ts'
import { bundleKeyOf } from '../core/monitor/membership.ts'
import type { Acknowledgment, BundleState, Memory } from '../core/monitor/types.ts'

/** `bundles`: of the monitor that tells its groups in bundles; empty for any other. */
export function presentGroup({ group_key: group, state }: GroupStatusRow, bundles: Memory['bundles'], now: number): object {
  const bundle = state.status === 'OK' ? undefined : bundleOf(bundles, group)
  return {
    group,
    status: state.status,
    since: isoOf(state.since),
    value: state.value,
    missing_since: isoOf(state.missingSince),
    first_triggered_at: isoOf(state.firstTriggeredAt),
    last_triggered_at: isoOf(state.lastTriggeredAt),
    told: state.told || bundle?.told === true,
    held: state.held || bundle?.held === true,
    acknowledged: presentAcknowledgment((bundle ?? state).acknowledged ?? null, now),
  }
}

/** What is over counts no more, whether anything has been told since or not. */
function presentAcknowledgment(acknowledged: Acknowledgment | null, now: number): object | null {
  if (acknowledged === null || (acknowledged.until !== null && acknowledged.until <= now)) return null
  const { by, at, until, note } = acknowledged
  return { by, at: isoOf(at), until: isoOf(until), note }
}

/** Of a monitor that tells its groups in bundles, the one that this group is in. */
function bundleOf(bundles: Memory['bundles'], group: string): BundleState | undefined {
  const keys = keysOfBundles(bundles)
  return keys === null ? undefined : bundles[bundleKeyOf(keys, group)]
}

export function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
