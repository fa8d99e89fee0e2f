/**
 * A stored monitor as Datadog's clients read it: field names and their order, times, floats.
 * Never reads anything itself. Read next: routes/monitors.ts.
 */
import type { GroupRow } from '../adapters/postgres/queries/history.ts'
import type { MonitorRow } from '../adapters/postgres/queries/monitors.ts'
import type { GroupState } from '../core/monitor/types.ts'
import { jsonFloat } from './json-float.ts'

/** One organisation; clients only want a number. */
export const orgId = 1

export type Extras = Readonly<{
  /** Mutes that downtimes come to, beside those of the definition. */
  silenced?: Readonly<Record<string, number | null>>
  assets?: boolean
  /** Answers to writes say in each asset whose it is, reads don't (as recorded). */
  assetOwners?: boolean
  creator?: boolean
  restrictionPolicy?: boolean
  restrictedRoles?: boolean
  /** Absent: no `matching_downtimes`. */
  matchingDowntimes?: readonly object[]
  /** Absent: no `state`. */
  groups?: readonly GroupRow[]
}>

export function presentMonitor(row: MonitorRow, extras: Extras): object {
  return {
    id: row.id,
    org_id: orgId,
    type: row.type,
    name: row.name,
    message: row.message,
    tags: row.tags,
    query: row.query,
    options: presentOptions(row, extras.silenced ?? {}),
    multi: row.multi,
    created_at: row.created_s * 1_000,
    created: row.created,
    modified: row.modified,
    deleted: null,
    priority: row.priority,
    ...(extras.restrictedRoles === false ? {} : { restricted_roles: row.restricted_roles }),
    ...(extras.restrictionPolicy === true ? { restriction_policy: null } : {}),
    draft_status: row.draft_status,
    ...(extras.assets === true
      ? { assets: row.assets.map((asset) => (extras.assetOwners === true ? { monitor_id: row.id, ...asset } : asset)) }
      : {}),
    overall_state_modified: row.overall_state_modified,
    overall_state: row.overall_state,
    ...(extras.creator === false ? {} : { creator: row.creator }),
    ...(extras.groups === undefined ? {} : { state: { groups: presentGroups(extras.groups) } }),
    ...(extras.matchingDowntimes === undefined ? {} : { matching_downtimes: extras.matchingDowntimes }),
    ...(row.type === 'data-quality alert' ? { run_as: null, restricted: false } : {}),
  }
}

/** Thresholds are floats in Datadog's answers, but for service checks, which count. */
function presentOptions({ type, options: stored }: MonitorRow, silenced: Readonly<Record<string, number | null>>): object {
  const options = Object.keys(silenced).length === 0 ? stored : { ...stored, silenced: { ...silenced, ...stored.silenced } }
  if (type === 'service check' || options.thresholds === undefined) return options
  const thresholds = Object.entries(options.thresholds ?? {}).map(([name, number]) => [
    name,
    typeof number === 'number' ? jsonFloat(number) : number,
  ])
  return { ...options, thresholds: Object.fromEntries(thresholds) }
}

function presentGroups(groups: readonly GroupRow[]): object {
  return Object.fromEntries(groups.map(({ group_key: key, state }) => [key, presentGroup(key, state)]))
}

/** Times in epoch seconds, null = never since the group is known. */
function presentGroup(name: string, state: GroupState): object {
  return {
    name,
    status: state.status,
    last_triggered_ts: toSeconds(state.lastTriggeredAt),
    last_nodata_ts: state.status === 'No Data' ? toSeconds(state.since) : null,
    last_resolved_ts: state.status === 'OK' && state.lastTriggeredAt !== null ? toSeconds(state.since) : null,
  }
}

export function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / 1_000)
}
