/**
 * How a window is cut into the buckets in which series are averaged before they are aggregated over space and time.
 * The grid hangs on the end of the window, so a slot's value depends on the slot alone, not on who else is asked for.
 * Read next: intake-sql.ts.
 */

/** Buckets of one window at most: finer ones cost time and change an average little. */
export const bucketsMax = 300
const minuteMs = 60_000

/** Round lengths: a minute up to windows of five hours, 5 minutes up to a day, an hour up to a week, 3 hours for a month. */
const lengthsMs = [1, 5, 10, 15, 20, 30, 60, 120, 180, 240].map((minutes) => minutes * minuteMs)

/** Windows whose ends lie on one common grid: their buckets are computed once. `n` are the places of their slots. */
export type Grid = Readonly<{ fromMs: number; toMs: number; windows: readonly Readonly<{ n: number; toMs: number }>[] }>
export type Buckets = Readonly<{ lengthMs: number; windowMs: number; grids: readonly Grid[] }>

export function bucketLengthMs(windowMs: number): number {
  return lengthsMs.find((length) => windowMs / length <= bucketsMax) ?? Math.ceil(windowMs / bucketsMax)
}

/** `endsMs`: the newest time that each slot sees, in the order of slots. */
export function planBuckets(windowMs: number, endsMs: readonly number[]): Buckets {
  const lengthMs = bucketLengthMs(windowMs)
  // Where the length doesn't divide the window, its oldest bucket is cut short and can't be shared with another window.
  const shared = windowMs % lengthMs === 0
  const grids = new Map<number, { n: number; toMs: number }[]>()
  endsMs.forEach((toMs, n) => {
    const phase = shared ? toMs % lengthMs : n
    const windows = grids.get(phase) ?? []
    windows.push({ n, toMs })
    grids.set(phase, windows)
  })
  return { lengthMs, windowMs, grids: [...grids.values()].map((windows) => gridOf(windows, windowMs)) }
}

function gridOf(windows: readonly Readonly<{ n: number; toMs: number }>[], windowMs: number): Grid {
  const ends = windows.map((window) => window.toMs)
  return { fromMs: Math.min(...ends) - windowMs, toMs: Math.max(...ends), windows }
}
