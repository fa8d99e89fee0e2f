/**
 * A state as the evaluate activity needs it: small where it is large. Nearly all groups of a large monitor are OK, have data and
 * have nothing pending; of those only the names decide anything. The request isn't stored in history, but
 * passes through JSON, a codec and two processes' worth of memory at each evaluation: 10,000 groups take 0.4 MB instead of 3.
 * What is unpacked decides as the original does (a property test says so), and is for nothing else. Read next: evaluation.ts.
 */
import { standIn } from './identity.ts'
import { newGroup } from './new-group.ts'
import type { GroupState, MonitorState } from './types.ts'

export type KnownState = Omit<MonitorState, 'groups'> &
  Readonly<{
    /** Names of the plain groups. */
    plain: readonly string[]
    /** All others. */
    groups: MonitorState['groups']
  }>

export function pack(state: MonitorState): KnownState {
  const plain: string[] = []
  const groups: Record<string, GroupState> = {}
  for (const key in state.groups) {
    const group = state.groups[key]
    if (group === undefined) continue
    // A lone group goes as it is: whether it ever had a value tells it from one that stands for groups nobody has seen.
    if (key !== standIn && isPlain(state, group)) plain.push(key)
    else groups[key] = group
  }
  return { ...state, plain, groups }
}

export function unpack({ plain, ...known }: KnownState): MonitorState {
  const groups: Record<string, GroupState> = {}
  for (const key of plain) groups[key] = plainGroup
  return { ...known, groups: Object.assign(groups, known.groups) }
}

/** Long judged, never bad, nothing told: what a plain group was before decides nothing any more. */
const plainGroup = newGroup(0, 0)

function isPlain({ spec, lastSlot }: MonitorState, group: GroupState): boolean {
  const { status, level, missingSince, beforeFailure, judgedFrom, since, told, held } = group
  const quiet = status === 'OK' && level === 'ok' && missingSince === null && beforeFailure === null && !told && !held
  if (!quiet || judgedFrom > lastSlot) return false
  // Whether a group was resolved for want of data is read off `since`, and data goes missing a window before anybody sees it.
  return spec.timeoutMs === null || since < lastSlot - spec.windowMs - spec.delayMs
}
