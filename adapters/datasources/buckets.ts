/**
 * How windows are cut into the buckets in which series are averaged before they are aggregated over space and time.
 * The buckets of a window are counted back from its end, so a slot's value depends on the slot alone, not on who else is
 * asked for; where the window begins, the oldest is cut short. Read next: intake-sql.ts.
 */

/** Buckets of one window at most: finer ones cost time and change an average little. */
export const bucketsMax = 300
const minuteMs = 60_000

/** Round lengths: a minute up to windows of five hours, 5 minutes up to a day, an hour up to a week, 3 hours for a month. */
const lengthsMs = [1, 5, 10, 15, 20, 30, 60, 120, 180, 240].map((minutes) => minutes * minuteMs)

/** What a slot sees: data after `fromMs`, up to and including `toMs`. */
export type Window = Readonly<{ fromMs: number; toMs: number }>

/** Windows with common buckets, which are computed once. Buckets are numbered back from `toMs`; `n` are the places of slots. */
export type Grid = Window & Readonly<{ windows: readonly Readonly<{ n: number; first: number; last: number }>[] }>
export type Buckets = Readonly<{ lengthMs: number; grids: readonly Grid[] }>

/** For all windows of a query the same, however long the present one is: else its value would jump as it grows. */
export function bucketLengthMs(windowMs: number): number {
  return lengthsMs.find((length) => windowMs / length <= bucketsMax) ?? Math.ceil(windowMs / bucketsMax)
}

/** `windows` in the order of slots. */
export function planBuckets(lengthMs: number, windows: readonly Window[]): Buckets {
  const grids = new Map<string, (Window & { n: number })[]>()
  windows.forEach((window, n) => {
    const { fromMs, toMs } = window
    // A bucket that is cut short can be shared only by windows that cut it at the same place.
    const whole = (toMs - fromMs) % lengthMs === 0
    const key = `${toMs % lengthMs} ${whole ? '' : fromMs}`
    const members = grids.get(key) ?? []
    members.push({ ...window, n })
    grids.set(key, members)
  })
  return { lengthMs, grids: [...grids.values()].map((members) => gridOf(lengthMs, members)) }
}

function gridOf(lengthMs: number, members: readonly (Window & { n: number })[]): Grid {
  const last = Math.max(...members.map((window) => window.toMs))
  const windows = members.map(({ n, fromMs, toMs }) => {
    const first = (last - toMs) / lengthMs
    return { n, first, last: first + Math.ceil((toMs - fromMs) / lengthMs) - 1 }
  })
  return { fromMs: Math.min(...members.map((window) => window.fromMs)), toMs: last, windows }
}
