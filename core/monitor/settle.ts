/**
 * The end of flapping: a unit that has settled is told once, as it is then. Read next: flapping.ts (when), tell.ts (that it flaps).
 */
import { isDue } from './deadlines.ts'
import type { Draft } from './draft.ts'
import { endFlapping, flappingOf, forgetFlaps, setFlapping } from './flap.ts'
import { settlesAt } from './flapping.ts'
import { tellSettled } from './tell.ts'
import type { Flapping } from './types.ts'
import { anyUnit, membersNow } from './units.ts'

/** Whoever has settled by `at`; `all`: whether it has or not, as nobody flaps any more. */
export function settleFlapping(draft: Draft, at: number, all = false): void {
  const keys = Object.keys(draft.flapping).sort()
  for (const key of keys) {
    const record = flappingOf(draft, key)
    if (record !== undefined && (all || isDue(settlesAt(record, draft.spec), at))) settle(draft, key, record, at)
  }
  if (all) draft.flapping = {}
  else forgetFlaps(draft, at)
}

function settle(draft: Draft, key: string, record: Flapping, at: number): void {
  const unit = anyUnit(draft, key, membersNow(draft))
  if (unit === null) {
    setFlapping(draft, key, undefined)
    return
  }
  endFlapping(draft, key, record)
  tellSettled(draft, unit, record.heard === true, at)
}
