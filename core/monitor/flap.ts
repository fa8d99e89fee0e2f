/**
 * Keeps the record of who flaps, within one step. It belongs to the monitor and not to the group, for a bundle that is OK isn't kept and
 * goes on flapping. Never tells anybody. Read next: flapping.ts (when), tell.ts and settle.ts (what is told).
 */
import { shownOnly } from './decide.ts'
import { type Draft, own, withKey } from './draft.ts'
import { isFlappy, isOld, withChange } from './flapping.ts'
import type { MonitorSpec, Status } from './spec-types.ts'
import type { BundleState, Flapping, TransitionReason } from './types.ts'

export function flappingOf(draft: Pick<Draft, 'flapping'>, key: string): Flapping | undefined {
  const record = own(draft.flapping, key)
  return record?.since === undefined ? undefined : record
}

/** A unit changes to `to`. Whether it flaps, with this change. */
export function followChange(draft: Draft, key: string, was: BundleState, to: Status, at: number, reason: TransitionReason): boolean {
  const { spec } = draft
  if (spec.flapping === undefined) return false
  const before = own(draft.flapping, key)
  const counts = isTold(spec, was.status, to) && reason !== 'resolved-by-hand'
  const changed = counts ? withChange(before, at, spec) : before
  if (changed === undefined) return false
  const flaps = changed.since !== undefined || isFlappy(changed, spec)
  if (!flaps) setFlapping(draft, key, changed)
  // Who heard of what it was before waits for the end of that.
  else setFlapping(draft, key, { ...changed, since: changed.since ?? at, ...(was.told ? { heard: true } : {}) })
  return flaps
}

export function setFlapping(draft: Draft, key: string, record: Flapping | undefined): void {
  draft.flapping = withKey(draft.flapping, draft.flappingKept, key, record)
}

/** It has settled; what it changed in its last evaluations still counts. */
export function endFlapping(draft: Draft, key: string, { at, changes }: Flapping): void {
  setFlapping(draft, key, { at, changes })
}

/** Nobody flaps any more, and nobody is told: whoever heard of it hears of the recovery. `heard`: it was so of this unit. */
export function dropFlapping(draft: Draft, isGone: (key: string) => boolean, heard: (key: string) => void): void {
  for (const key of Object.keys(draft.flapping).filter(isGone).sort()) {
    if (flappingOf(draft, key)?.heard === true) heard(key)
    setFlapping(draft, key, undefined)
  }
}

/** Where a slot wrote records, the old ones go. */
export function forgetFlaps(draft: Draft, slot: number): void {
  if (draft.flapping === draft.flappingKept) return
  const kept = Object.entries(draft.flapping).filter(([, record]) => !isOld(record, slot, draft.spec))
  if (kept.length < Object.keys(draft.flapping).length) draft.flapping = Object.fromEntries(kept)
  draft.flappingKept = draft.flapping
}

/** Changes of which nobody would be told are none: into what is only shown, and back to OK from it. */
function isTold(spec: MonitorSpec, from: Status, to: Status): boolean {
  return shownOnly(spec, to) === null && (to !== 'OK' || shownOnly(spec, from) === null)
}
