/**
 * Monitors whose whole future follows from the seed: each value is a pure function of (seed, monitor, group, slot). The source answers
 * by it, and the checker computes by it what must have been decided, without a word between them.
 * Never reads a clock. Read next: scripted-source.ts, check/truth.ts.
 */
import { mixed } from '../../test/support/scripted-random.ts'

export const receiversCount = 4
export const receiverName = (index: number): string => `chaos-${index}`

/** `steady`: its source is never disturbed, so each slot's value counts. `shaky`: faults hit it, and slots may fail. */
export type SourceName = 'steady' | 'shaky'
export const sourceOf = (index: number): SourceName => (index % 2 === 0 ? 'steady' : 'shaky')

export type ScriptPace = Readonly<{ intervalS: number; slotsPerSegment: number }>

/** What a group may be for a segment; null = no data. 89 lies between the threshold and its recovery, 78 likewise for the warning. */
const segments = [10, 10, 20, 78, 85, 89, 95, 95, 99, null] as const
const thresholds = { critical: 90, warning: 80, critical_recovery: 88, warning_recovery: 75 }

/** What two cores evaluate a second with room to spare for what faults leave behind. */
const evaluationsPerSecond = 50
const intervalMinS = 5

/** Few monitors are looked at often, so that a short run sees much; many as often as the machine can. */
export function paceOf(monitors: number): ScriptPace {
  const intervalS = Math.max(intervalMinS, Math.ceil(monitors / evaluationsPerSecond))
  // In a short run a group changes every quarter of a minute, in a long one every five minutes.
  return { intervalS, slotsPerSegment: intervalS > 20 ? 8 : 3 }
}

/** What the API is posted. */
export function definitionOf(index: number, { intervalS }: ScriptPace): Readonly<Record<string, unknown>> {
  return {
    name: `chaos ${index}`,
    type: 'promql alert',
    query: `chaos{monitor="${index}"} > 90`,
    message: index % 7 === 3 ? 'only in the log' : `{{host.name}} is at {{value}} @${receiverName(index % receiversCount)}`,
    tags: [`datasource:${sourceOf(index)}`, 'chaos:yes'],
    options: { interval: intervalS, thresholds, ...missingOf(index), ...(isMuted(index) ? { silenced: { '*': null } } : {}) },
  }
}

export const isMuted = (index: number): boolean => index % 11 === 5

/** Those that are told of this monitor, beside the log. */
export function receiversOf(index: number): readonly string[] {
  return index % 7 === 3 ? [] : [receiverName(index % receiversCount)]
}

function missingOf(index: number): Readonly<Record<string, unknown>> {
  const policies = [
    { on_missing_data: 'show_and_notify_no_data' },
    { on_missing_data: 'resolve' },
    { on_missing_data: 'show_no_data' },
    { on_missing_data: 'default' },
  ] as const
  return policies[index % policies.length] ?? {}
}

/** What the source says of this monitor as of a time in epoch ms: host → value. */
export function valuesAt(seed: number, index: number, atMs: number, { intervalS, slotsPerSegment }: ScriptPace): Record<string, number> {
  const slot = Math.floor(atMs / (intervalS * 1_000))
  const hosts = ['a', 'b', 'c'].slice(0, 1 + (index % 3))
  return Object.fromEntries(
    hosts.flatMap((host, group) => {
      const shift = mixed(seed, index, group, 1) % slotsPerSegment
      const base = segments[mixed(seed, index, group, Math.floor((slot + shift) / slotsPerSegment)) % segments.length] ?? null
      // The fraction tells slots of one segment apart, so that a transition taken at a wrong slot shows.
      return base === null ? [] : [[host, base + (slot % 100) / 1_000] as const]
    }),
  )
}
