/**
 * Whether a monitor may track one more group. A state must fit one payload of Temporal (2 MB) wherever it goes: through
 * continue-as-new, out of the load activity, into an answer to a query. So bytes count, too, not only groups: keys may be long.
 * Read next: observe.ts, step.ts, which both ask it.
 */
import type { GroupState } from './types.ts'

/** Of the 2 MB: the rest is for the spec, the inbox, and what quotes and backslashes add to keys. */
const stateBytesMax = 1_500_000
/** A group's JSON without its key, every number at its longest: 330 B. */
const groupBytes = 350

/** A reading's JSON without its key: 95 B. */
const readingBytes = 110

export type Room = Readonly<{
  /** Whether there was room for a new group of this key; if so, it is taken. */
  take: (key: string) => boolean
}>

export function roomBeside(groups: Readonly<Record<string, GroupState>>, groupsMax: number): Room {
  let count = 0
  let bytes = 0
  for (const key in groups) {
    count += 1
    bytes += bytesOf(key)
  }
  return {
    take: (key) => {
      if (count >= groupsMax || bytes + bytesOf(key) > stateBytesMax) return false
      count += 1
      bytes += bytesOf(key)
      return true
    },
  }
}

/**
 * How many slots one evaluation may answer for, at most `slotsMax`: its reply is a payload, too, and in the worst case every group
 * has something to tell at each slot. At least one: what one slot has to tell is smaller than the state.
 */
export function slotsPerReply(groups: Readonly<Record<string, GroupState>>, slotsMax: number): number {
  let bytes = 0
  for (const key in groups) bytes += bytesOf(key) - groupBytes + readingBytes
  return Math.max(1, Math.min(slotsMax, Math.floor(stateBytesMax / Math.max(1, bytes))))
}

/** A UTF-16 unit takes three bytes of UTF-8 at the most; keys are nearly always ASCII. */
function bytesOf(key: string): number {
  return groupBytes + (isAscii.test(key) ? key.length : key.length * 3)
}

const isAscii = /^[\x20-\x7e]*$/
