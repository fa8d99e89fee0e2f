/** Which downtimes are about which monitor, and what the state machine hears of them at a slot. Read next: occurrences.ts. */
import type { Status } from '../monitor/spec-types.ts'
import type { Downtime } from '../monitor/types.ts'
import { type Occurrence, occurrenceAt, type Starts } from './occurrences.ts'
import type { EndState, PlannedDowntime } from './plan.ts'

export type MonitorNamed = Readonly<{ monitorId: number; tags: readonly string[] }>

/** Downtimes in an order that makes those of one monitor quick to find. */
export type DowntimeIndex = Readonly<{
  byMonitor: ReadonlyMap<number, readonly PlannedDowntime[]>
  /** By one of its tags, in lower case; `*` = of every monitor. */
  byTag: ReadonlyMap<string, readonly PlannedDowntime[]>
}>

/**
 * Occurrences that hold one monitor at a time, at most, and the characters of their scopes: they are a part of the monitor's state, which has
 * to fit a payload (core/monitor/room.ts leaves 0.2 MB), and each is compared with each group. Of more, the latest don't hold: somebody is
 * told too much rather than nothing of anything.
 */
export const inForceMax = 100
export const inForceScopeCharsMax = 50_000

export function indexed(downtimes: readonly PlannedDowntime[]): DowntimeIndex {
  const [tagged, named] = [downtimes.filter(({ plan }) => plan.monitorId === null), downtimes.filter(({ plan }) => plan.monitorId !== null)]
  return {
    byMonitor: Map.groupBy(named, ({ plan }) => plan.monitorId ?? 0),
    byTag: Map.groupBy(tagged, ({ plan }) => plan.monitorTags.find((tag) => tag !== '*')?.toLowerCase() ?? '*'),
  }
}

/** Those about this monitor, whenever they hold: by its id, or because it has all their tags. Upper and lower case are the same. */
export function downtimesOf({ byMonitor, byTag }: DowntimeIndex, monitor: MonitorNamed): readonly PlannedDowntime[] {
  const tags = new Set(monitor.tags.map((tag) => tag.toLowerCase()))
  const tagged = ['*', ...tags].flatMap((tag) => byTag.get(tag) ?? [])
  return [
    ...(byMonitor.get(monitor.monitorId) ?? []),
    ...new Set(tagged.filter(({ plan }) => plan.monitorTags.every((tag) => tag === '*' || tags.has(tag.toLowerCase())))),
  ]
}

/** Their occurrences in force at a slot, by when they began. A cancellation counts from when it was made. */
export function inForceAt(downtimes: readonly PlannedDowntime[], slot: number, starts: Starts): readonly Downtime[] {
  if (downtimes.length === 0) return none
  const held = downtimes.flatMap((planned) => {
    if (planned.canceledMs !== null && planned.canceledMs <= slot) return []
    const found = occurrenceAt(planned.plan, slot, starts)
    return found === null ? [] : [{ chars: planned.plan.scope.length, downtime: told(planned, found) }]
  })
  held.sort(({ downtime: a }, { downtime: b }) => a.startAt - b.startAt || (a.id < b.id ? -1 : Number(a.id > b.id)))
  let chars = 0
  const beyond = held.findIndex((one, index) => {
    chars += one.chars
    return index >= inForceMax || chars > inForceScopeCharsMax
  })
  return (beyond < 0 ? held : held.slice(0, beyond)).map(({ downtime }) => downtime)
}

const none: readonly Downtime[] = []
const statusOf = { alert: 'Alert', 'no data': 'No Data', warn: 'Warn' } as const satisfies Readonly<Record<EndState, Status>>

function told({ id, plan, scope }: PlannedDowntime, { startMs: startAt, endMs: endAt }: Occurrence): Downtime {
  return {
    id: `${id}:${startAt}`,
    scope,
    startAt,
    endAt,
    notifyEndStates: plan.notifyEndStates.map((state) => statusOf[state]),
    notifyEndTypes: plan.notifyEndTypes,
    muteFirstRecovery: plan.muteFirstRecovery,
  }
}
