/** Medians, quantiles and spreads. Each needs at least one value. Read next: select.ts. */
import { select } from './select.ts'

export function median(values: ArrayLike<number>): number {
  return medianInPlace(copied(values), values.length)
}

/** Of the first `size` numbers of a buffer, which it puts into another order. */
export function medianInPlace(buffer: Float64Array, size: number): number {
  return quantileInPlace(buffer, size, 0.5)
}

/** Between two values, on the line between them. */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  return quantileInPlace(copied(values), values.length, fraction)
}

export function quantileSorted(values: ArrayLike<number>, fraction: number): number {
  const at = fraction * (values.length - 1)
  return between(values[Math.floor(at)] ?? 0, values[Math.ceil(at)] ?? 0, at)
}

/** Of values of a normal distribution, the standard deviation is so many median absolute deviations. */
const deviationsPerMad = 1.4826
/** The same for the mean absolute deviation. */
const deviationsPerMeanDeviation = 1.2533

/**
 * The standard deviation of residuals as it is without those that stand out: by the median absolute deviation (Hampel 1974). Where most
 * are alike, and it is none, by the mean absolute deviation (Iglewicz and Hoaglin 1993).
 */
export function robustScale(residuals: ArrayLike<number>): number {
  const absolute = new Float64Array(residuals.length)
  let sum = 0
  for (let i = 0; i < residuals.length; i += 1) {
    const value = Math.abs(residuals[i] ?? 0)
    absolute[i] = value
    sum += value
  }
  const mad = medianInPlace(absolute, absolute.length)
  return mad > 0 ? mad * deviationsPerMad : (sum / absolute.length) * deviationsPerMeanDeviation
}

function quantileInPlace(buffer: Float64Array, size: number, fraction: number): number {
  const at = fraction * (size - 1)
  const low = select(buffer, size, Math.floor(at))
  return at === Math.floor(at) ? low : between(low, least(buffer, Math.floor(at) + 1, size), at)
}

/** What stands behind the selected one is no smaller than it. */
function least(buffer: Float64Array, from: number, to: number): number {
  let value = buffer[from] ?? 0
  for (let i = from + 1; i < to; i += 1) value = Math.min(value, buffer[i] ?? 0)
  return value
}

function between(low: number, high: number, at: number): number {
  return low === high ? low : low + (high - low) * (at - Math.floor(at))
}

/** By hand: Float64Array.from takes ten times as long. */
function copied(values: ArrayLike<number>): Float64Array {
  const copy = new Float64Array(values.length)
  for (let i = 0; i < values.length; i += 1) copy[i] = values[i] ?? 0
  return copy
}
