/**
 * The worst status of each group in equal parts of a time, for a strip that fits a terminal or a page.
 * Read next: tally.ts.
 */
import type { Status } from '../monitor/spec-types.ts'
import { jsonBytes } from './bounded.ts'
import type { BacktestTime } from './plan.ts'
import type { BacktestTimeline } from './report.ts'

/** Twice the columns of a common terminal: whoever shows it joins parts, and never needs finer ones. */
const bucketsMax = 240
/** As many strips as a person looks at. */
const groupsShownMax = 100
const bytesMax = 100_000

/** Better first, so that the greater number of two wins a part. 0 = not tracked. */
const ranks: Readonly<Record<Status, number>> = { OK: 1, 'No Data': 2, Unknown: 3, Warn: 4, Alert: 5 }
const characters = ' -nuwA'

export type TimelineDraft = Readonly<{
  /** The group has this status from `at` on; null = it is no longer tracked. */
  put: (group: string, status: Status | null, at: number) => void
  close: () => BacktestTimeline
}>

type Track = { rank: number; since: number; readonly cells: Uint8Array; badMs: number }

/** A part is as long as `intervalMs` where that gives few enough of them. */
export function openTimeline(time: BacktestTime, intervalMs: number): TimelineDraft {
  const tracks = new Map<string, Track>()
  const lengthMs = time.toMs - time.fromMs
  // The end belongs to the time, and so to a part of its own.
  const bucketMs = Math.max(intervalMs, lengthMs / (bucketsMax - 1))
  const buckets = Math.floor(lengthMs / bucketMs) + 1
  const bucketOf = (at: number): number => Math.max(0, Math.min(buckets - 1, Math.floor((at - time.fromMs) / bucketMs)))

  /** What held until `until`, which itself belongs to what comes then. */
  function paint(track: Track, until: number): void {
    if (until <= track.since) return
    const last = bucketOf(until - 1)
    for (let bucket = bucketOf(track.since); bucket <= last; bucket += 1) {
      if (track.rank > (track.cells[bucket] ?? 0)) track.cells[bucket] = track.rank
    }
    if (track.rank > ranks.OK) track.badMs += until - track.since
  }

  return {
    put: (group, status, at) => {
      const rank = status === null ? 0 : ranks[status]
      const track = tracks.get(group)
      if (track === undefined) {
        tracks.set(group, { rank, since: at, cells: new Uint8Array(buckets), badMs: 0 })
      } else if (track.rank !== rank) {
        paint(track, at)
        track.rank = rank
        track.since = at
      }
    },
    close: () => {
      for (const track of tracks.values()) paint(track, time.toMs + 1)
      const groups = shown(tracks)
      return { buckets, bucket_s: bucketMs / 1_000, groups: Object.fromEntries(groups), groups_left_out: tracks.size - groups.length }
    },
  }
}

/** Those that were bad the longest, in order of keys. */
function shown(tracks: ReadonlyMap<string, Track>): (readonly [string, string])[] {
  const worstFirst = [...tracks].sort(([key, one], [otherKey, other]) => other.badMs - one.badMs || (key < otherKey ? -1 : 1))
  const strips: (readonly [string, string])[] = []
  let bytes = 0
  for (const [key, { cells }] of worstFirst.slice(0, groupsShownMax)) {
    const strip = Array.from(cells, (rank) => characters[rank] ?? ' ').join('')
    bytes += jsonBytes(key) + strip.length
    if (bytes > bytesMax) break
    strips.push([key, strip])
  }
  return strips.sort(([key], [other]) => (key < other ? -1 : 1))
}
