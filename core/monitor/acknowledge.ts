/**
 * Somebody says that they know: what is acknowledged isn't repeated until its status changes, or until the time that they gave.
 * All else is told as always. Never decides what is due: deadlines.ts does. Read next: acknowledgment.ts, tell.ts, workflows/monitor.ts.
 */
import type { Draft } from './draft.ts'
import { bundleKeyOf } from './membership.ts'
import { setAcknowledged } from './tell.ts'
import type { Acknowledgment, MonitorState } from './types.ts'
import { badUnit, membersNow, unitKeys } from './units.ts'

/** Groups by name, bundles by theirs (a group stands for its bundle), or all that isn't OK. */
export type Named = '*' | readonly string[]

/** What somebody says of them; null = nothing any more. */
export type Said = Omit<Acknowledgment, 'at'> | null

/** What is OK, or isn't there, is passed over: see cantAcknowledge. */
export function acknowledge(draft: Draft, named: Named, said: Said, at: number): void {
  const members = membersNow(draft)
  for (const key of unitsNamed(draft, named)) {
    const unit = badUnit(draft, key, members)
    if (unit !== null) setAcknowledged(draft, unit, said === null ? null : { ...said, at }, at)
  }
}

/** Reasons that an answer holds. */
const reasonsMax = 20
/**
 * Characters of all that is said differently of a monitor's groups: it is a part of the monitor's state, and room.ts counts a word
 * that all groups share.
 */
const saidCharsMax = 20_000

/** Why these can't be acknowledged, as sentences; empty = they can. None is where one of them can't. */
export function cantAcknowledge(state: MonitorState, named: Named, said: NonNullable<Said>): readonly string[] {
  const { groups, bundles } = state
  const isBad = (key: string): boolean => Object.hasOwn(bundles, key) || (Object.hasOwn(groups, key) && groups[key]?.status !== 'OK')
  const reasons =
    named === '*'
      ? Object.values(groups).some(({ status }) => status !== 'OK')
        ? []
        : ['nothing of this monitor is other than OK: there is nothing to acknowledge']
      : named
          .filter((key) => !isBad(key))
          .map((key) =>
            Object.hasOwn(groups, key) ? `${key} is OK: there is nothing to acknowledge` : `no group of this monitor is ${key}`,
          )
  if (reasons.length > 0) return reasons.slice(0, reasonsMax)
  return saidChars(state, said) > saidCharsMax ? ['the notes on this monitor’s groups are too long together: make this one shorter'] : []
}

function saidChars({ groups, bundles }: MonitorState, said: NonNullable<Said>): number {
  const texts = new Set([textOf(said)])
  for (const units of [groups, bundles])
    for (const key in units) {
      const acknowledged = units[key]?.acknowledged ?? null
      if (acknowledged !== null) texts.add(textOf(acknowledged))
    }
  return [...texts].reduce((sum, text) => sum + text.length, 0)
}

function textOf({ by, note }: NonNullable<Said>): string {
  return `${by} ${note ?? ''}`
}

function unitsNamed(draft: Draft, named: Named): readonly string[] {
  if (named === '*') return unitKeys(draft)
  const { notifyBy } = draft.spec
  const keys = notifyBy === null ? named : named.map((key) => (Object.hasOwn(draft.bundles, key) ? key : bundleKeyOf(notifyBy, key)))
  return [...new Set(keys)].sort()
}
