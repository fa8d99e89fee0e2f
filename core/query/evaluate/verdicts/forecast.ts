/**
 * `forecast(q, 'linear', 1, interval='60m', history='1w')` over `next_1w`: the highest edge of the band ahead for max, the lowest for min, else what is
 * expected, aggregated. Read next: algorithms/forecast.ts.
 */
import { type Forecast, type Predicted, forecast as predict } from '../../algorithms/forecast.ts'
import { bucketsIn } from '../call.ts'
import { Impossible } from '../impossible.ts'
import { reduceWindow } from '../reduce.ts'
import type { Verdict, VerdictCall } from '../verdict.ts'
import { seasonOf } from './anomalies.ts'

const weekMs = 7 * 24 * 3_600_000
/** Of a history, and of what lies ahead, at most: buckets are made longer where there would be more. */
const pointsMax = 1_000
/** Seasons of history, so that each time of a season is seen more than once. */
const seasonsBack = 3
/** Without being told: a week in buckets of an hour. */
const intervalDefaultMs = 3_600_000

/** The part of the history that the line is drawn through: what changed lately counts more in the quicker models. */
const through = { simple: 1, default: 1 / 2, reactive: 1 / 4 } as const

export function forecast(call: VerdictCall): Verdict {
  const plan = planOf(call)
  const { series } = call.operand({ toMs: call.toMs, stepMs: plan.stepMs, length: plan.length })
  const values: Record<string, number | null> = {}
  const undecided: string[] = []
  for (const group in series) {
    const predicted = predict(series[group] ?? [], plan)
    if (predicted === null) undecided.push(group)
    else values[group] = compared(predicted, call)
  }
  return { values, undecided }
}

function planOf({ args, over, toMs }: VerdictCall): Forecast & Readonly<{ stepMs: number; length: number }> {
  const isSeasonal = args.text('algorithm', 0) === 'seasonal'
  const seasonMs = isSeasonal ? seasonOf(args.text('seasonality', 5) ?? 'weekly').ms : null
  const historyMs = Math.max(args.duration('history', 3) ?? weekMs, (seasonMs ?? 0) * seasonsBack)
  const stepMs = stepOf(args.duration('interval', 2) ?? intervalDefaultMs, Math.max(historyMs, over.windowMs), seasonMs)
  const length = bucketsIn(historyMs, { toMs, stepMs, length: 0 })
  return {
    stepMs,
    length,
    season: seasonMs === null ? null : seasonMs / stepMs,
    through: Math.ceil(length * (isSeasonal ? 1 : partOf(args.text('model', 4) ?? 'default'))),
    deviations: args.number('deviations', 1) ?? 1,
    ahead: Math.max(1, Math.ceil(over.windowMs / stepMs)),
  }
}

/** max asks how high it may get, min how low, the others what is to be expected. */
function compared({ low, center, high }: Predicted, { over: { aggregator } }: VerdictCall): number | null {
  const edge = aggregator === 'max' ? high : aggregator === 'min' ? low : center
  return reduceWindow(edge, aggregator)
}

/** Long enough for what lies behind and ahead; of seasons, a part without remainder. */
function stepOf(intervalMs: number, longestMs: number, seasonMs: number | null): number {
  const least = Math.max(intervalMs, Math.ceil(longestMs / pointsMax))
  if (seasonMs === null) return least
  return seasonMs / Math.max(2, Math.floor(seasonMs / least))
}

function partOf(model: string): number {
  switch (model) {
    case 'default':
    case 'simple':
    case 'reactive':
      return through[model]
    default:
      throw new Impossible(`forecast() knows the models default, simple and reactive, not ${model}`)
  }
}
