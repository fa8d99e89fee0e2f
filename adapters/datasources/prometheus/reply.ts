/** What Prometheus' API answers, checked. Read next: promql.ts, series.ts. */
import { SourceError } from '../../../activities/ports.ts'

export type Labels = Readonly<Record<string, string>>
/** Time in epoch ms. NaN and infinities are left out: they are no data. */
export type Point = Readonly<{ atMs: number; value: number }>
export type PromSeries = Readonly<{ labels: Labels; points: readonly Point[] }>

/** Of an instant or a range query. Throws a SourceError where it isn't that. */
export function seriesOf(reply: unknown): PromSeries[] {
  const data = fieldOf(reply, 'data')
  const result = fieldOf(data, 'result')
  switch (fieldOf(data, 'resultType')) {
    case 'vector':
    case 'matrix':
      return listOf(result).map((entry) => ({ labels: labelsOf(fieldOf(entry, 'metric')), points: pointsOf(entry) }))
    case 'scalar':
      return [{ labels: {}, points: pointOf(result) }]
    case 'string':
      throw new SourceError('bad-query', 'the query answers a text, not a number')
    default:
      throw malformed()
  }
}

function pointsOf(entry: unknown): Point[] {
  const values = fieldOf(entry, 'values')
  if (values !== undefined) return listOf(values).flatMap(pointOf)
  const value = fieldOf(entry, 'value')
  if (value === undefined) throw new SourceError('bad-query', 'native histograms are no numbers: ask for a quantile or a count of them')
  return pointOf(value)
}

function pointOf(pair: unknown): Point[] {
  const [at, text] = listOf(pair)
  if (typeof at !== 'number' || typeof text !== 'string') throw malformed()
  const value = Number(text)
  return Number.isFinite(value) ? [{ atMs: Math.round(at * 1_000), value }] : []
}

function labelsOf(metric: unknown): Labels {
  if (typeof metric !== 'object' || metric === null) throw malformed()
  return Object.fromEntries(Object.entries(metric).filter(([name, value]) => name !== '__name__' && typeof value === 'string'))
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed()
  return value
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

const malformed = (): SourceError => new SourceError('bad-reply', 'this is not an answer of the Prometheus API')
