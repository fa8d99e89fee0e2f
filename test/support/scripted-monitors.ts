/**
 * Monitors whose whole future is known: each value is a pure function of (seed, monitor, group, slot).
 * A worker process and the test that kills it compute the same values without a word between them.
 * Read next: scripted-worker.ts, simulate.ts, test/chaos/kill-worker.test.ts.
 */
import { type Datasource, SourceError } from '../../activities/ports.ts'
import type { Script } from './memory-ports.ts'
import { mixed } from './scripted-random.ts'

export type ScriptedMonitor = Readonly<{
  index: number
  query: string
  message: string
  options: Readonly<Record<string, unknown>>
  draft: boolean
}>

export const scriptedWebhook = 'webhook-scripted'

/** Changed every so many slots: often enough to meet every kill, seldom enough that two cores can tell it all. */
const slotsPerSegment = 8
/** What a group may be for a segment; null = no data. 89 lies between the threshold and its recovery, 78 likewise for the warning. */
const segments = [10, 10, 20, 78, 85, 89, 95, 95, 99, null, null] as const
const thresholds = { critical: 90, warning: 80, critical_recovery: 88, warning_recovery: 75 }

/** `count` monitors with intervals of one and two seconds, of every policy for missing data, some muted, one a draft, one failing. */
export function scriptedMonitors(count: number, mutedUntilS: number): ScriptedMonitor[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    query: `avg(last_1m):avg:scripted.${index}{*} by {host} > 90`,
    message: index % 2 === 0 ? `{{host.name}} is at {{value}} @${scriptedWebhook}` : 'only in the log',
    options: { interval: 1 + (index % 2), thresholds, ...missingOf(index), ...mutedOf(index, mutedUntilS) },
    draft: index === 4,
  }))
}

function missingOf(index: number): Readonly<Record<string, unknown>> {
  const policies = [
    { on_missing_data: 'show_and_notify_no_data' },
    { on_missing_data: 'resolve' },
    { notify_no_data: true, no_data_timeframe: 1 },
    // A group leaves the state three seconds after its window is empty, and comes back as a new one.
    { on_missing_data: 'show_no_data', group_retention_duration: '63s' },
    { on_missing_data: 'default' },
  ] as const
  return policies[index % policies.length] ?? {}
}

function mutedOf(index: number, untilS: number): Readonly<Record<string, unknown>> {
  if (index === 2) return { silenced: { '*': null } }
  return isMutedForATime({ index }) ? { silenced: { 'host:a': untilS } } : {}
}

export const isMutedForATime = ({ index }: Pick<ScriptedMonitor, 'index'>): boolean => index === 5 || index === 6

const isFailing = (index: number): boolean => index === 7

/** What the source of this monitor says at each slot. */
export function scriptOf(seed: number, index: number): Script {
  if (isFailing(index)) return () => new Error('unreachable: scripted')
  const groups = ['a', 'b', 'c', 'd'].slice(0, 2 + (index % 3))
  return (slot) =>
    Object.fromEntries(
      groups.flatMap((name, group) => {
        const value = valueAt(seed, index, group, Math.floor(slot / 1_000))
        return value === null ? [] : [[`host:${name}`, value] as const]
      }),
    )
}

/** The fraction tells slots of one segment apart, so that a transition taken at a wrong slot shows. */
function valueAt(seed: number, index: number, group: number, second: number): number | null {
  const shift = mixed(seed, index, group, 1) % slotsPerSegment
  const base = segments[mixed(seed, index, group, Math.floor((second + shift) / slotsPerSegment)) % segments.length] ?? null
  return base === null ? null : base + (second % 100) / 1_000
}

/** Answers for all scripted monitors at once: which one is asked for stands in the query. */
export function scriptedMonitorsSource(seed: number): Datasource {
  return {
    types: ['query alert'],
    query: async ({ query, slots }) => {
      const index = Number(/scripted\.(\d+)\{/.exec(query)?.[1] ?? Number.NaN)
      const script = scriptOf(seed, index)
      return slots.map((slot) => {
        const values = script(slot)
        if (values instanceof Error) throw new SourceError('unreachable', 'scripted')
        return { slot, values }
      })
    },
  }
}
