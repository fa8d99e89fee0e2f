/** Seeded series as systems have them, with anomalies whose place is known. */

const minuteMs = 60_000
export const syntheticStepMs = 5 * minuteMs
const perDay = 288
/** Days before the first anomaly: three weekly seasons of history. */
const calmDays = 22
const judgedDays = 7
export const syntheticLength = (calmDays + judgedDays) * perDay
export const judgedFrom = calmDays * perDay

/** Begin and end (exclusive), as indexes. */
export type Interval = Readonly<{ from: number; to: number }>

export type Synthetic = Readonly<{
  values: readonly (number | null)[]
  anomalies: readonly Interval[]
  /** Where the level shifted for good; null = it didn't. */
  shiftedAt: number | null
}>

export type Shape = Readonly<{
  daily: number
  weekly: number
  /** Of normal noise. */
  noise: number
  /** Of anomalies, in noises: from this to four more. */
  height: number
  /** Of the level, in noises, at some time of the judged days; 0 = none. */
  shift: number
  /** Added to the level, a day. */
  growth: number
  /** The part of the points that is missing. */
  missing: number
}>

/** Anomalies of 25 to 60 minutes, up and down, two and a half a day. */
export function synthetic(shape: Shape, seed: number): Synthetic {
  const random = seeded(seed)
  const shiftedAt = shape.shift === 0 ? null : judgedFrom + Math.floor((1 + random() * 2) * perDay)
  const anomalies: Interval[] = []
  const offsets = new Float64Array(syntheticLength)
  for (let at = judgedFrom + 20; at < syntheticLength - 30; at += 80 + Math.floor(random() * 70)) {
    const to = at + 5 + Math.floor(random() * 8)
    // None within hours of a shift: what it would be an anomaly of is not said.
    if (shiftedAt !== null && Math.abs(at - shiftedAt) < 60) continue
    anomalies.push({ from: at, to })
    offsets.fill((random() < 0.5 ? -1 : 1) * (shape.height + random() * 4) * shape.noise, at, to)
  }
  const values = Array.from({ length: syntheticLength }, (_, i) => {
    const shift = shiftedAt !== null && i >= shiftedAt ? shape.shift * shape.noise : 0
    const value = 200 + usual(shape, i) + shift + (offsets[i] ?? 0) + shape.noise * normal(random)
    return random() < shape.missing ? null : value
  })
  return { values, anomalies, shiftedAt }
}

/** Without noise: a day with two humps of unequal height, weekends lower. */
export function usual({ daily, weekly, growth }: Pick<Shape, 'daily' | 'weekly' | 'growth'>, i: number): number {
  const day = (2 * Math.PI * i) / perDay
  const isWeekend = Math.floor(i / perDay) % 7 >= 5
  return daily * (Math.sin(day) + 0.4 * Math.sin(2 * day + 1)) - (isWeekend ? weekly : 0) + (growth * i) / perDay
}

/** Between 0 and 1, the same for the same seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Of a normal distribution: Box and Muller. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
