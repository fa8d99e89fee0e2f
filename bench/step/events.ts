import { slotEvent } from '../../core/monitor/slot-event.ts'
import { compileSpec } from '../../core/monitor/spec.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import type { GroupReading, MonitorEvent, MonitorState } from '../../core/monitor/types.ts'

const query = 'avg(last_1m):avg:system.load{*} by {host} > 90'

export function specOf(): MonitorSpec {
  const definition = {
    monitorId: 1001,
    version: 1,
    type: 'query alert',
    name: 'load',
    query,
    priority: null,
    tags: [],
    draftStatus: 'published',
    options: { thresholds: { critical: 90, warning: 80 } },
  }
  return compileSpec(definition, { windowMs: 60_000, groupBy: ['host'], comparator: '>', threshold: 90 })
}

/** One group; every `everyth` slot turns its level round, null = never. Without a change the value is told all the same. */
export function singleEvents({ lastSlot, spec }: MonitorState, steps: number, everyth: number | null): MonitorEvent[] {
  let bad = false
  return Array.from({ length: steps }, (_, index) => {
    const slot = lastSlot + (index + 1) * spec.intervalMs
    if (everyth === null) return index === 0 ? told(slot, [reading('host:web-1', slot, false)]) : slotEvent(slot, null)
    if ((index + 1) % everyth === 0) bad = !bad
    return told(slot, [reading('host:web-1', slot, bad)])
  })
}

/** All groups told at each slot; `share` of them turn their level round each time, ever others. */
export function fleetEvents({ lastSlot, spec }: MonitorState, groups: number, steps: number, share: number): MonitorEvent[] {
  const names = groupNames(groups)
  const bad = names.map(() => false)
  const turning = Math.round(groups * share)
  return Array.from({ length: steps + 1 }, (_, index) => {
    const slot = lastSlot + (index + 1) * spec.intervalMs
    for (let turned = 0; index > 0 && turned < turning; turned += 1) {
      const place = (index * turning + turned) % groups
      bad[place] = !bad[place]
    }
    return told(
      slot,
      names.map((name, place) => reading(name, slot, bad[place] === true)),
    )
  })
}

/** Values as a source would give them, `share` of the groups bad. */
export function valuesOf(names: readonly string[], seed: number, share: number): Record<string, number> {
  return Object.fromEntries(names.map((name, place) => [name, place < names.length * share ? 95 + seed : 10 + (place % 50)]))
}

export function groupNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `host:web-${String(index).padStart(5, '0')}.example.com`)
}

function reading(group: string, at: number, bad: boolean): GroupReading {
  return { group, level: bad ? 'alert' : 'ok', value: bad ? 95 : 10, at }
}

function told(slot: number, changed: readonly GroupReading[]): MonitorEvent {
  return slotEvent(slot, { slot, outcome: { kind: 'ok' }, changed, missing: [], refused: 0 })
}
