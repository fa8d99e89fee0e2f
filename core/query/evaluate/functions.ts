/**
 * All functions of the metric language that give a series for a series, by name; core/query/functions.ts has the same names
 * with their arguments. anomalies, outliers and forecast judge instead: see verdicts.ts.
 * Read next: call.ts, what a function is given.
 */
import type { MetricFunction } from './call.ts'
import { arithmeticFunctions } from './functions/arithmetic.ts'
import { exclusionFunctions } from './functions/exclusion.ts'
import { interpolationFunctions } from './functions/interpolation.ts'
import { rankFunctions } from './functions/rank.ts'
import { rateFunctions } from './functions/rate.ts'
import { regressionFunctions } from './functions/regression.ts'
import { rollupFunctions } from './functions/rollup.ts'
import { smoothingFunctions } from './functions/smoothing.ts'
import { spaceFunctions } from './functions/space.ts'
import { timeshiftFunctions } from './functions/timeshift.ts'

const functions: Readonly<Record<string, MetricFunction>> = {
  ...arithmeticFunctions,
  ...exclusionFunctions,
  ...interpolationFunctions,
  ...rankFunctions,
  ...rateFunctions,
  ...regressionFunctions,
  ...rollupFunctions,
  ...smoothingFunctions,
  ...spaceFunctions,
  ...timeshiftFunctions,
}

export const evaluatedNames: readonly string[] = Object.keys(functions)

export function metricFunction(name: string): MetricFunction | null {
  return Object.hasOwn(functions, name) ? (functions[name] ?? null) : null
}

/** Functions of which a value follows from the values of the same bucket alone, so that they may as well be applied to one of a window. */
const bucketwise: ReadonlySet<string> = new Set([
  'abs',
  'log2',
  'log10',
  'default_zero',
  'default',
  ...Object.keys(exclusionFunctions),
  ...Object.keys(spaceFunctions),
  ...Object.keys(rankFunctions),
])

export function isBucketwise(name: string): boolean {
  return bucketwise.has(name)
}

const spaceNames: ReadonlySet<string> = new Set(Object.keys(spaceFunctions))

/** Whether it makes fewer groups, of the keys that its arguments name. */
export function isSpaceAggregation(name: string): boolean {
  return spaceNames.has(name)
}
