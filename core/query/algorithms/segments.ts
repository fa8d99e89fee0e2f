import { robustScale } from './statistics.ts'

type Values = readonly (number | null)[]

/** Cuts at most: a run has some hundred points, and nobody reads more steps. */
const cutsMax = 50

/**
 * The level of each stretch between the moments at which it changed: binary segmentation (Scott and Knott 1974) of least squares, as long
 * as a cut takes away more than noise would (a penalty of the Bayesian information criterion, noise by the robust scale of steps).
 */
export function segments(values: Values): Values {
  const at: number[] = []
  const ys: number[] = []
  values.forEach((value, i) => {
    if (value === null) return
    at.push(i)
    ys.push(value)
  })
  const out: (number | null)[] = values.map(() => null)
  if (ys.length === 0) return out
  const cuts = cutsOf(ys)
  let from = 0
  for (const to of [...cuts, ys.length]) {
    const level = mean(ys, from, to)
    for (let i = from; i < to; i += 1) out[at[i] ?? 0] = level
    from = to
  }
  return out
}

/** Where new stretches begin, ascending. */
function cutsOf(ys: readonly number[]): number[] {
  const sums = new Float64Array(ys.length + 1)
  ys.forEach((y, i) => {
    sums[i + 1] = (sums[i] ?? 0) + y
  })
  const steps = ys.slice(1).map((y, i) => y - (ys[i] ?? 0))
  const noise = steps.length === 0 ? 0 : robustScale(steps) / Math.SQRT2
  const gainMin = 3 * noise ** 2 * Math.log(Math.max(2, ys.length))
  const cuts: number[] = []
  const open = [{ from: 0, to: ys.length }]
  while (open.length > 0 && cuts.length < cutsMax) {
    const part = open.pop()
    const best = part === undefined ? null : bestCut(sums, part.from, part.to)
    if (part === undefined || best === null || best.gain <= gainMin) continue
    cuts.push(best.at)
    open.push({ from: part.from, to: best.at }, { from: best.at, to: part.to })
  }
  return cuts.sort((a, b) => a - b)
}

/** The cut that takes away most of the squared deviations. */
function bestCut(sums: Float64Array, from: number, to: number): Readonly<{ at: number; gain: number }> | null {
  const sum = (a: number, b: number) => (sums[b] ?? 0) - (sums[a] ?? 0)
  const whole = sum(from, to) ** 2 / (to - from)
  let best: { at: number; gain: number } | null = null
  for (let at = from + 1; at < to; at += 1) {
    const gain = sum(from, at) ** 2 / (at - from) + sum(at, to) ** 2 / (to - at) - whole
    if (best === null || gain > best.gain) best = { at, gain }
  }
  return best
}

function mean(ys: readonly number[], from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i += 1) sum += ys[i] ?? 0
  return sum / (to - from)
}
