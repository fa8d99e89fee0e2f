import { type Forecast, forecast } from '../../core/query/algorithms/forecast.ts'
import { outliers } from '../../core/query/algorithms/outliers.ts'
import { readWindow } from '../../core/query/evaluate/window.ts'
import { frameOf, type Values } from '../../core/query/frame.ts'
import { call, over, series } from './metric-query.ts'
import { judgedFrom, normal, type Shape, type Synthetic, seeded, synthetic, syntheticLength, syntheticStepMs } from './synthetic-series.ts'

/** How a detection did: of what it told, the part that was one; of what there was, the part it told. */
export type Score = Readonly<{ told: number; right: number; there: number; found: number }>

export function precision({ told, right }: Score): number {
  return told === 0 ? 1 : right / told
}

export function recall({ there, found }: Score): number {
  return there === 0 ? 1 : found / there
}

export function addUp(scores: readonly Score[]): Score {
  const total = (field: keyof Score) => scores.reduce((sum, score) => sum + score[field], 0)
  return { told: total('told'), right: total('right'), there: total('there'), found: total('found') }
}

const calm: Shape = { daily: 40, weekly: 0, noise: 5, height: 5, shift: 0, growth: 0, missing: 0 }

export const shapes: Readonly<Record<string, Readonly<{ shape: Shape; seasonality: string }>>> = {
  'no season': { shape: { ...calm, daily: 0 }, seasonality: 'daily' },
  'daily season': { shape: calm, seasonality: 'daily' },
  'daily, a tenth of the points missing': { shape: { ...calm, missing: 0.1 }, seasonality: 'daily' },
  'daily, growing by 1 % a day': { shape: { ...calm, growth: 2 }, seasonality: 'daily' },
  'daily, anomalies of 4 to 8 noises': { shape: { ...calm, height: 4 }, seasonality: 'daily' },
  'daily and weekly season': { shape: { ...calm, weekly: 40 }, seasonality: 'weekly' },
  'daily, level shifts by 8 noises': { shape: { ...calm, shift: 8 }, seasonality: 'daily' },
}

/** A level is new to agile for about as long as it looks back, and no anomaly to it afterwards; to robust it is one for days. */
const shiftKnownAfter = 32
const shiftJudgedFor = 3 * 288

/** A monitor `anomalies(q, …, 3, alert_window='last_15m', interval=300) >= 1`, evaluated at each point of a week; whole alerts and whole anomalies count. */
export function scoreAnomalies(algorithm: string, name: string, seeds: readonly number[]): Score {
  const { shape, seasonality } = shapes[name] ?? { shape: calm, seasonality: 'daily' }
  const args = [algorithm, 3, 'alert_window=last_15m', 'interval=300', `seasonality=${seasonality}`]
  const query = over(240, call('anomalies', series('requests'), ...args))
  return addUp(
    seeds.map((seed) => {
      const world = synthetic(shape, seed)
      const end = world.shiftedAt === null ? syntheticLength : world.shiftedAt + shiftJudgedFor
      const alerts: number[] = []
      for (let i = judgedFrom; i < end; i += 1) {
        const { values } = readWindow(query, windowTo(i), { requireFullWindow: false, groupsMax: 1 }, ({ span }) =>
          frameOf(span, { '*': part(world.values, Math.round(span.toMs / syntheticStepMs), span.length) }),
        )
        if ((values['*'] ?? 0) >= 1) alerts.push(i)
      }
      return judge(world, alerts, end, algorithm)
    }),
  )
}

function windowTo(i: number) {
  const toMs = (i + 1) * syntheticStepMs
  return { toMs, fromMs: toMs - 240 * 60_000 }
}

function part(values: Values, end: number, length: number): Values {
  return Array.from({ length }, (_, i) => values[end - length + i] ?? null)
}

/** An alert's window holds three points; the points of one alert may be a few apart. */
const windowPoints = 3

function judge({ anomalies, shiftedAt }: Synthetic, alerts: readonly number[], end: number, algorithm: string): Score {
  const there = anomalies.filter(({ from }) => from < end)
  const isAlert = new Set(alerts)
  const found = there.filter(({ from, to }) => range(from, to + windowPoints - 1).some((i) => isAlert.has(i)))
  const begins = alerts.filter((at, n) => at - (alerts[n - 1] ?? -windowPoints - 1) > windowPoints)
  const isNew = (i: number) => shiftedAt !== null && i >= shiftedAt && i < shiftedAt + shiftKnownAfter
  const isOdd = (i: number) => {
    if (there.some(({ from, to }) => i >= from && i < to)) return true
    return algorithm === 'robust' && shiftedAt !== null && i >= shiftedAt
  }
  const judged = begins.map((at) => range(at - windowPoints + 1, at + 1)).filter((points) => points.some(isOdd) || !points.some(isNew))
  return { told: judged.length, right: judged.filter((points) => points.some(isOdd)).length, there: there.length, found: found.length }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

export type Crowd = Readonly<{ noise: number; offset: number; missing: number }>

export const crowds: Readonly<Record<string, Crowd>> = {
  'noisy group': { noise: 5, offset: 25, missing: 0.03 },
  'tight group, outliers far off': { noise: 0.2, offset: 30, missing: 0.03 },
  'noisy group, a tenth of the points missing': { noise: 5, offset: 25, missing: 0.1 },
  'noisy group, outliers by 4 noises': { noise: 5, offset: 20, missing: 0.03 },
}

/** Groups of 8 to 50 members along a common curve, up to a quarter of them off by `offset`; tolerance 3, and half of the points for mad. */
export function scoreOutliers(name: string, { noise, offset, missing }: Crowd, seeds: readonly number[]): Score {
  const method = name.toLowerCase().endsWith('mad') ? 'mad' : 'dbscan'
  return addUp(
    seeds.map((seed) => {
      const random = seeded(seed)
      const size = 8 + Math.floor(random() * 43)
      const odd = Math.floor(random() * Math.min(5, size / 4))
      const members = Array.from({ length: size }, (_, member): Values => {
        const own = 0.3 * noise * normal(random) + (member < odd ? (random() < 0.5 ? -offset : offset) : 0)
        return Array.from({ length: 30 }, (_, i) => {
          const value = 100 + 30 * Math.sin(i / 5) + own + noise * normal(random)
          return random() < missing ? null : value
        })
      })
      const told = outliers(members, { method, scaled: name.startsWith('scaled'), tolerance: 3, share: 0.5 })
      const right = told.filter((isOdd, member) => isOdd && member < odd).length
      return { told: told.filter((isOdd) => isOdd).length, right, there: odd, found: right }
    }),
  )
}

export type Course = Readonly<{ growth: number; amplitude: number; noise: number }>

export const courses: Readonly<Record<string, Readonly<{ course: Course; season: number | null }>>> = {
  'linear: a disk that fills': { course: { growth: 1, amplitude: 0, noise: 5 }, season: null },
  'linear: a level': { course: { growth: 0, amplitude: 0, noise: 5 }, season: null },
  'seasonal: a day, growing': { course: { growth: 0.1, amplitude: 30, noise: 5 }, season: 24 },
  'seasonal: a day': { course: { growth: 0, amplitude: 30, noise: 5 }, season: 24 },
}

/** `error`: between what was expected and the true course without noise, in noises. `covered`: the part of the true course inside of the band. */
export type ForecastScore = Readonly<{ error: number; covered: number }>

/** Two weeks of hours with a twentieth missing and some wild points, a week ahead, 2 deviations. */
export function scoreForecast({ growth, amplitude, noise }: Course, season: number | null, seeds: readonly number[]): ForecastScore {
  const length = 336
  const truth = (i: number) => 100 + growth * i + amplitude * Math.sin((2 * Math.PI * i) / 24)
  const plan: Forecast = { season, through: length, deviations: 2, ahead: 168 }
  let error = 0
  let covered = 0
  for (const seed of seeds) {
    const random = seeded(seed)
    const past = Array.from({ length }, (_, i) => {
      const value = truth(i) + noise * normal(random) + (random() < 0.02 ? 20 * noise : 0)
      return random() < 0.05 ? null : value
    })
    const predicted = forecast(past, plan)
    for (let h = 0; h < plan.ahead; h += 1) {
      const value = truth(length + h)
      error += Math.abs((predicted?.center[h] ?? 0) - value) / noise
      if ((predicted?.low[h] ?? 0) <= value && value <= (predicted?.high[h] ?? 0)) covered += 1
    }
  }
  const points = seeds.length * plan.ahead
  return { error: error / points, covered: covered / points }
}
