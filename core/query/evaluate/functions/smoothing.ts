/** Averages and medians over the points before. */
import { median } from '../../algorithms/statistics.ts'
import { present, type Values } from '../../frame.ts'
import type { MetricFunction } from '../call.ts'
import { overSeries, overTrailing } from './series.ts'

/** After so many of its spans the weight of a point is below a ten-thousandth. */
const spansBack = 5

export const smoothingFunctions: Readonly<Record<string, MetricFunction>> = {
  ewma_3: ewma(3),
  ewma_5: ewma(5),
  ewma_7: ewma(7),
  ewma_10: ewma(10),
  ewma_20: ewma(20),
  median_3: movingMedian(3),
  median_5: movingMedian(5),
  median_7: movingMedian(7),
  median_9: movingMedian(9),
  autosmooth: (call) => overSeries(call, 0, autosmooth),
}

/** Exponentially weighted with the decay 2 / (span + 1), weights normed; a gap ages what lies before it. */
function ewma(span: number): MetricFunction {
  const keep = 1 - 2 / (span + 1)
  return (call) =>
    overSeries(call, spansBack * span, (values) => {
      let sum = 0
      let weights = 0
      return values.map((value) => {
        sum = sum * keep + (value ?? 0)
        weights = weights * keep + (value === null ? 0 : 1)
        return value === null ? null : sum / weights
      })
    })
}

function movingMedian(count: number): MetricFunction {
  return (call) =>
    overSeries(call, count - 1, (values) => {
      const medians = overTrailing(values, count, median)
      return values.map((value, i) => (value === null ? null : (medians[i] ?? null)))
    })
}

/**
 * A moving average that smooths as much as it can without hiding what stands out: of all windows up to a tenth of the run the one
 * with the least roughness whose kurtosis is at least that of the series (Rong and Bailis, ASAP, VLDB 2017).
 */
function autosmooth(values: Values): Values {
  const kurtosisMin = kurtosis(present(values))
  let best = values
  let least = roughness(present(values))
  for (let count = 2; count <= values.length / 10; count += 1) {
    const smooth = overTrailing(values, count, mean)
    const there = present(smooth.slice(count - 1))
    const rough = roughness(there)
    if (rough < least && kurtosis(there) >= kurtosisMin) {
      best = smooth
      least = rough
    }
  }
  return values.map((value, i) => (value === null ? null : (best[i] ?? null)))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The deviation of the steps from point to point. */
function roughness(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => value - (values[i] ?? 0))
  return steps.length === 0 ? 0 : Math.sqrt(moment(steps, 2))
}

function kurtosis(values: readonly number[]): number {
  const variance = values.length === 0 ? 0 : moment(values, 2)
  return variance === 0 ? 0 : moment(values, 4) / variance ** 2
}

function moment(values: readonly number[], power: number): number {
  const center = mean(values)
  return mean(values.map((value) => (value - center) ** power))
}
