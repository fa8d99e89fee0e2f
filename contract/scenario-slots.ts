/**
 * The observations of a scenario, slot by slot: `series` by group, and `slots` laid over them.
 * Every slot must be spoken of, so that nothing is missing by oversight. Read next: scenario.ts.
 */
import { groupKey, parseGroupKey } from '../core/monitor/group.ts'
import type { SlotReading } from '../core/scenario/types.ts'
import { parseRange, type Report, type ScenarioText } from './scenario-shape.ts'

export function readSlots(text: ScenarioText, report: Report): readonly SlotReading[] {
  const readings = new Map<number, SlotReading>(readSeries(text, report).entries())
  const inSeries = readings.size
  const spoken = new Set<number>()
  for (const [name, reading] of Object.entries(text.slots ?? {})) {
    const range = parseRange(name)
    if (range === null) {
      report(['slots', name], 'expected the number of a slot (3), or a range of them (3-5)')
      continue
    }
    for (let slot = range.first; slot <= range.last; slot += 1) {
      if (spoken.has(slot)) report(['slots', name], `slot ${slot} is spoken of twice`)
      spoken.add(slot)
      readings.set(slot, reading)
    }
  }
  const count = Math.max(inSeries, ...[...spoken].map((slot) => slot + 1))
  const silent = Array.from({ length: count }, (_, slot) => slot).find((slot) => !readings.has(slot))
  if (silent !== undefined) report(['slots'], `slot ${silent} is not spoken of: give its values, or write missing`)
  if (count === 0) report([], 'no slots: give values by series, or slot by slot under slots')
  checkOutages(text, readings, count, report)
  return [...readings.entries()].sort(([one], [other]) => one - other).map(([, reading]) => reading)
}

function readSeries(text: ScenarioText, report: Report): SlotReading[] {
  const groups = Object.entries(text.series ?? {})
  const count = Math.max(0, ...groups.map(([, values]) => values.length))
  for (const [name, values] of groups) {
    if (values.length < count)
      report(['series', name], `${values.length} slots, but others have ${count}: add _x${count - values.length} where it has no data`)
  }
  return Array.from({ length: count }, (_, slot) => {
    const at = groups.map(([name, all]) => [groupKey(parseGroupKey(name.trim())), all[slot] ?? null] as const)
    const values = at.flatMap(([group, value]) => (typeof value === 'number' ? [[group, value] as const] : []))
    const partial = at.flatMap(([group, value]) => (value === 'partial' ? [group] : []))
    return { kind: 'values', values: Object.fromEntries(values), partial: partial.sort() }
  })
}

/** The times of the slots; null = they lie on the monitor's grid. `scheduled`: whether the monitor has a schedule of its own. */
export function readTimes(text: ScenarioText, slots: number, scheduled: boolean, report: Report): readonly number[] | null {
  const { times, start } = text
  if (times === undefined) {
    if (scheduled) report([], `the monitor has a schedule of its own: say under times when its ${slots} slots lie`)
    return null
  }
  if (!scheduled) report(['times'], 'the monitor has no schedule of its own: its slots lie on the grid of its interval')
  if (times.length !== slots) report(['times'], `${times.length} times for ${slots} slots: each slot has one`)
  const back = times.findIndex((at, index) => index > 0 && at <= (times[index - 1] ?? at))
  if (back > 0) report(['times', back], 'times run forward')
  if (start !== undefined && (times[0] ?? start) < start) report(['start'], 'the first of the times lies before the start')
  return times
}

function checkOutages(text: ScenarioText, readings: ReadonlyMap<number, SlotReading>, count: number, report: Report): void {
  for (const [index, { first, last }] of (text.engine_down ?? []).entries()) {
    if (first === 0) report(['engine_down', index], 'the engine begins with slot 0: an outage can begin with slot 1')
    // The last slot is judged by an engine that is back, so that there is somebody who catches up.
    if (last >= count - 1) report(['engine_down', index], `the engine must be back for the last slot (${count - 1})`)
    for (let slot = first; slot <= last && slot < count; slot += 1) {
      if (readings.get(slot)?.kind === 'failed')
        report(['engine_down', index], `slot ${slot} can’t fail: it is evaluated afterwards, when the engine is back`)
    }
  }
}
