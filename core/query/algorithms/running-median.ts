import { quantileSorted } from './statistics.ts'

/** A window of numbers that slides on, kept in order: each step costs a search and a shift, no sorting. */
export function runningQuantiles(countMax: number) {
  const inOrder = new Float64Array(countMax + 1)
  const arrived: (number | null)[] = []
  let size = 0
  return {
    /** Of what came with the last `countMax` calls; null where less than `least` of it was data. */
    quantile: (fraction: number, least: number): number | null =>
      size < Math.max(1, least) ? null : quantileSorted(inOrder.subarray(0, size), fraction),
    add: (value: number | null): void => {
      arrived.push(value)
      if (value !== null) {
        const at = place(inOrder, size, value)
        inOrder.copyWithin(at + 1, at, size)
        inOrder[at] = value
        size += 1
      }
      const leaving = arrived.length > countMax ? (arrived[arrived.length - 1 - countMax] ?? null) : null
      if (leaving !== null) {
        const at = place(inOrder, size, leaving)
        inOrder.copyWithin(at, at + 1, size)
        size -= 1
      }
    },
  }
}

/** The first place at which the value is no less than `value`. */
function place(inOrder: Float64Array, size: number, value: number): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >> 1
    if ((inOrder[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
