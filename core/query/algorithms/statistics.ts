/** Medians, quantiles and spreads. Each needs at least one value. */

export function median(values: ArrayLike<number>): number {
  return quantileSorted(sorted(values), 0.5)
}

/** Between two values, on the line between them. */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  return quantileSorted(sorted(values), fraction)
}

export function quantileSorted(values: ArrayLike<number>, fraction: number): number {
  const at = fraction * (values.length - 1)
  const low = values[Math.floor(at)] ?? 0
  const high = values[Math.ceil(at)] ?? 0
  return low === high ? low : low + (high - low) * (at - Math.floor(at))
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
  const absolute = Float64Array.from(residuals, Math.abs)
  const mad = median(absolute)
  if (mad > 0) return mad * deviationsPerMad
  let sum = 0
  for (const value of absolute) sum += value
  return (sum / absolute.length) * deviationsPerMeanDeviation
}

export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort()
}
