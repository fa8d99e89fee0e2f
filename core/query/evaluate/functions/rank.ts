/** top and its like: some of the series, by what they amount to over the run. */
import { type Frame, frameOf, present, type Values } from '../../frame.ts'
import { type Call, type MetricFunction, requiredNumber } from '../call.ts'
import { Impossible } from '../impossible.ts'

type Ranking = Readonly<{ count: number; by: string; order: 'asc' | 'desc'; offset: number }>

export const rankFunctions: Readonly<Record<string, MetricFunction>> = {
  top: (call) => ranked(call, rankingOf(call)),
  top_offset: (call) => ranked(call, { ...rankingOf(call), offset: requiredNumber(call, 'offset', 3) }),
  ...shorthands('top', 'desc'),
  ...shorthands('bottom', 'asc'),
}

function rankingOf(call: Call): Ranking {
  const count = requiredNumber(call, 'limit', 0)
  const order = call.args.text('order', 2) ?? 'desc'
  if (order !== 'asc' && order !== 'desc') throw new Impossible(`${call.name}() knows the orders asc and desc, not ${order}`)
  return { count, by: call.args.text('by', 1) ?? 'mean', order, offset: 0 }
}

/** `top5`, `bottom10_max`: the older way to write it. */
function shorthands(word: string, order: Ranking['order']): Record<string, MetricFunction> {
  const names = [5, 10, 15, 20].flatMap((count) =>
    ['mean', 'min', 'max', 'last', 'area', 'l2norm', 'norm'].flatMap((by) => [
      { name: `${word}${count}_${by}`, count, by },
      ...(by === 'mean' ? [{ name: `${word}${count}`, count, by }] : []),
    ]),
  )
  return Object.fromEntries(
    names.map(({ name, count, by }) => [name, (call: Call) => ranked(call, { count, by, order, offset: 0 })] as const),
  )
}

/** Series without data have no rank; equal ones stand in the order of their groups. */
function ranked({ name, operand, span }: Call, { count, by, order, offset }: Ranking): Frame {
  const { series } = operand(span)
  const scores = Object.keys(series).flatMap((group) => {
    const score = scoreOf(name, by, series[group] ?? [])
    return score === null ? [] : [{ group, score }]
  })
  const sign = order === 'desc' ? -1 : 1
  scores.sort((a, b) => sign * (a.score - b.score) || (a.group < b.group ? -1 : 1))
  const kept = scores.slice(offset, offset + count)
  return frameOf(span, Object.fromEntries(kept.map(({ group }) => [group, series[group] ?? []])))
}

function scoreOf(name: string, by: string, values: Values): number | null {
  const there = present(values)
  if (there.length === 0) return null
  const sum = (of: (value: number) => number) => there.reduce((total, value) => total + of(value), 0)
  switch (by) {
    case 'mean':
      return sum((value) => value) / there.length
    case 'min':
      return there.reduce((least, value) => Math.min(least, value))
    case 'max':
      return there.reduce((most, value) => Math.max(most, value))
    case 'last':
      return there.at(-1) ?? null
    case 'sum':
    case 'area':
      return sum((value) => value)
    case 'norm':
    case 'l2norm':
      return Math.sqrt(sum((value) => value * value))
    default:
      throw new Impossible(`${name}() ranks by mean, min, max, last, sum, area or l2norm, not by ${by}`)
  }
}
