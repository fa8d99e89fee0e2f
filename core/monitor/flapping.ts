/**
 * How often a group, or bundle, changed its status in its last 21 evaluations, and whether that is flapping: arithmetic alone. Quiet slots say
 * nothing, so evaluations between two changes are counted by the interval. Read next: flap.ts, which keeps the record; settle.ts.
 */
import type { MonitorSpec } from './spec-types.ts'
import type { Flapping } from './types.ts'

/** Between 21 evaluations lie 20 changes at most. */
const changesMax = 20
const allChanges = 2 ** changesMax - 1

type Paced = Pick<MonitorSpec, 'intervalMs' | 'flapping'>

/** The record with a change at `at`. */
export function withChange(before: Flapping | undefined, at: number, { intervalMs }: Paced): Flapping {
  if (before === undefined) return { at, changes: 1 }
  const passed = evaluationsBetween(before.at, at, intervalMs)
  const kept = passed >= changesMax ? 0 : (before.changes & (allChanges >>> passed)) << passed
  return { ...before, at, changes: kept | 1 }
}

/** Whether it changed so often by now that it flaps: more than `high` percent. */
export function isFlappy({ changes }: Flapping, { flapping }: Paced): boolean {
  return flapping !== undefined && percent(changes) > flapping.high
}

/** When it will have settled if nothing changes any more: less than `low` percent. null = it doesn't flap. */
export function settlesAt({ since, at, changes }: Flapping, { flapping, intervalMs }: Paced): number | null {
  if (since === undefined || flapping === undefined) return null
  let passed = 0
  while (passed < changesMax && percent(changes & (allChanges >>> passed)) >= flapping.low) passed += 1
  return at + passed * intervalMs
}

/** Whether the record says nothing any more at `slot`. */
export function isOld({ since, at }: Flapping, slot: number, { intervalMs }: Paced): boolean {
  return since === undefined && evaluationsBetween(at, slot, intervalMs) >= changesMax
}

function evaluationsBetween(from: number, to: number, intervalMs: number): number {
  return Math.max(0, Math.round((to - from) / intervalMs))
}

function percent(changes: number): number {
  let count = 0
  for (let rest = changes; rest !== 0; rest &= rest - 1) count += 1
  return (count * 100) / changesMax
}
