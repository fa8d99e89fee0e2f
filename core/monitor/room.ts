/**
 * Whether a monitor may track one more group. A state must fit one payload of Temporal (2 MB) wherever it goes: through
 * continue-as-new, out of the load activity, into an answer to a query. Payloads are compressed, but keys of groups may be long and
 * random, which nothing compresses: so bytes count, too, not only groups. Read next: observe.ts, step.ts, which both ask it.
 */
import { bundleKeyOf } from './membership.ts'
import type { MonitorSpec } from './spec-types.ts'
import type { MonitorState } from './types.ts'

/**
 * Bytes of a state once compressed, at the worst: all groups in Alert, each with another value, all of them owed a notification.
 * Of the 2,097,152 B that the server takes: the rest is for the spec, its mutes, the inbox and the ledger.
 */
const stateBytesMax = 1_900_000
/** Measured, 20,000 groups in a storm, without their keys: 20 B in `groups`, 13 B in `owed`. Half of it is the value. */
const groupBytes = 35
/** The same of a bundle, which is told in its groups' place. */
const bundleBytes = 25
/** A record of changes, its time and bits. */
const flappingBytes = 12
/** What is left of a byte of a value that is random Base64, the worst that names are: 0.73. */
const valueShare = 0.75
/** What is left of a tag's name, which all keys have alike. */
const nameBytes = 2
/** A key's time in `forgotten`. */
const forgottenBytes = 6
/** Of a reading in a reply, without its key: 15 B. */
const readingBytes = 18

/**
 * Bytes of one key. Groups are found by it in indices of PostgreSQL, whose entries take 2,704 B at the most, beside a monitor and a receiver.
 * A commit with a longer one would fail for ever, and with it the monitor.
 */
export const groupKeyBytesMax = 2_400

type Groups = MonitorState['groups']
/** What of a state takes room beside its groups, and (`groupBy`) which names of tags all their keys have. */
export type Beside = Readonly<{
  groupBy: readonly string[] | null
  notifyBy: readonly string[] | null
  flapping?: MonitorSpec['flapping']
  forgotten: MonitorState['forgotten']
}>

export type Room = Readonly<{
  /** Whether there was room for a new group of this key; if so, it is taken. */
  take: (key: string) => boolean
}>

/** Nothing is counted before somebody asks: most evaluations see no new group. */
export function roomBeside(groups: Groups, groupsMax: number, beside: Beside): Room {
  let used: Used | null = null
  return {
    take: (key) => {
      if (!isStorable(key)) return false
      used ??= usedBy(groups, beside)
      if (used.count >= groupsMax || used.bytes + bytesOf(key, beside, used) > stateBytesMax) return false
      add(key, beside, used)
      return true
    },
  }
}

/**
 * How many of `due` slots one evaluation may answer for, at most `slotsMax`: its reply is a payload, too, and in the worst case every group
 * has something to tell at each slot. At least one: what one slot has to tell is smaller than the state.
 */
export function slotsPerReply(groups: Groups, slotsMax: number, due: number): number {
  // As a rule: there is nothing to count then.
  if (due <= 1) return 1
  let bytes = 0
  for (const key in groups) bytes += readingBytes + keyBytes(key, null)
  return Math.max(1, Math.min(slotsMax, Math.floor(stateBytesMax / Math.max(1, bytes))))
}

type Used = { count: number; bytes: number; bundles: Set<string> }

function usedBy(groups: Groups, beside: Beside): Used {
  const used: Used = { count: 0, bytes: 0, bundles: new Set() }
  for (const key in groups) add(key, beside, used)
  for (const key in beside.forgotten) used.bytes += forgottenBytes + keyBytes(key, beside.groupBy)
  return used
}

function add(key: string, beside: Beside, used: Used): void {
  used.count += 1
  used.bytes += bytesOf(key, beside, used)
  if (beside.notifyBy !== null) used.bundles.add(bundleKeyOf(beside.notifyBy, key))
}

/** A group and what is owed of it name it; so does its bundle, where it is the bundle's first. */
function bytesOf(key: string, { groupBy, notifyBy, flapping }: Beside, { bundles }: Used): number {
  const flaps = flapping === undefined ? 0 : flappingBytes + keyBytes(key, groupBy)
  const bytes = groupBytes + 2 * keyBytes(key, groupBy) + flaps
  if (notifyBy === null) return bytes
  const bundle = bundleKeyOf(notifyBy, key)
  return bundles.has(bundle) ? bytes : bytes + bundleBytes + keyBytes(bundle, notifyBy)
}

/** Neither longer than an index takes, nor with what no text of PostgreSQL holds. Most are short: their bytes aren't even counted. */
function isStorable(key: string): boolean {
  if (key.includes('\0') || !key.isWellFormed()) return false
  return key.length * utf8BytesMax <= groupKeyBytesMax || utf8Bytes(key) <= groupKeyBytesMax
}

/** Of one UTF-16 unit. */
const utf8BytesMax = 3

/** At most so many. */
function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) bytes += utf8BytesMax - 1
  return bytes
}

/** `names`: of its tags, if they are known. */
function keyBytes(key: string, names: readonly string[] | null): number {
  let units = utf8Bytes(key)
  if (names === null) return units * valueShare
  // A name comes with a colon and a comma.
  for (const name of names) units -= name.length + 2
  return Math.max(0, units) * valueShare + names.length * nameBytes
}
