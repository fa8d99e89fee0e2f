import { robustScale } from './statistics.ts'
import { type Line, theilSen } from './theil-sen.ts'

/** Deviations beyond which a point counts for less: the usual one, which gives away 5 % on normal noise (Huber 1964). */
const tuning = 1.345
/** The weights hardly change after some ten rounds. */
const rounds = 20

type Values = readonly (number | null)[]

/** The line of least squares. null = no data. */
export function leastSquares(values: Values): Line | null {
  return weighted(values, () => 1)
}

/** The line that minimizes Huber's loss: rounds of weighted least squares, begun with a line that outliers don't turn. null = no data. */
export function huberLine(values: Values): Line | null {
  let line = theilSen(values)
  for (let round = 0; round < rounds && line !== null; round += 1) {
    const { slope, intercept }: Line = line
    const residuals = values.flatMap((value, i) => (value === null ? [] : value - intercept - slope * i))
    const bound = tuning * robustScale(residuals)
    if (bound === 0) return line
    line = weighted(values, (value, i) => {
      const residual = Math.abs(value - intercept - slope * i)
      return residual <= bound ? 1 : bound / residual
    })
  }
  return line
}

function weighted(values: Values, weightOf: (value: number, i: number) => number): Line | null {
  let weights = 0
  let sumX = 0
  let sumY = 0
  values.forEach((value, i) => {
    if (value === null) return
    const weight = weightOf(value, i)
    weights += weight
    sumX += weight * i
    sumY += weight * value
  })
  if (weights === 0) return null
  const meanX = sumX / weights
  const meanY = sumY / weights
  let xy = 0
  let xx = 0
  values.forEach((value, i) => {
    if (value === null) return
    const weight = weightOf(value, i)
    xy += weight * (i - meanX) * (value - meanY)
    xx += weight * (i - meanX) ** 2
  })
  const slope = xx === 0 ? 0 : xy / xx
  return { slope, intercept: meanY - slope * meanX }
}
