import { type SeriesRequest, type SeriesSource, SourceError } from '../../activities/ports.ts'
import { groupKey } from '../../core/monitor/group.ts'
import { inScope } from '../../core/monitor/scope.ts'
import type { Frame, Values } from '../../core/query/frame.ts'
import type { SeriesExpression } from '../../core/query/metric-nodes.ts'
import type { SeriesWorld } from '../conformance/series-source.ts'

export type MemorySeriesSource = SeriesSource & Readonly<{ requests: SeriesRequest[] }>

/** A small working source of series over points in memory; counts are counts, whatever their kind. */
export function memorySeriesSource(world: SeriesWorld): MemorySeriesSource {
  const requests: SeriesRequest[] = []
  return {
    requests,
    series: async (request) => {
      requests.push(request)
      if (request.series.metric === 'down') throw new SourceError('unreachable', 'the source is down')
      return frameOfWorld(world, request)
    },
  }
}

function frameOfWorld(world: SeriesWorld, request: SeriesRequest): Frame {
  const { series, fromMs, toMs, stepMs, groupsMax } = request
  const length = Math.ceil((toMs - fromMs) / stepMs)
  const groups = new Map<string, Values[]>()
  for (const one of world) {
    const tags = tagsOf(one.tags)
    if (one.metric !== series.metric || !inScope(series.filter, tags)) continue
    const values = bucketsOf(one.points, request, length)
    if (values.every((value) => value === null)) continue
    const group = groupKey(Object.fromEntries(series.by.map((key) => [key, tags[key] ?? 'N/A'])))
    groups.set(group, [...(groups.get(group) ?? []), values])
  }
  const kept = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, groupsMax)
  const aggregated = kept.map(([group, members]) => [
    group,
    Array.from({ length }, (_, i) =>
      inSpace(
        series.aggregator,
        members.flatMap((member) => member[i] ?? []),
      ),
    ),
  ])
  return { startMs: toMs - length * stepMs, stepMs, length, series: Object.fromEntries(aggregated) }
}

function bucketsOf(points: SeriesWorld[number]['points'], { series, fromMs, toMs, stepMs }: SeriesRequest, length: number): Values {
  const buckets = Array.from({ length }, (): number[] => [])
  for (const { atMs, value } of points) {
    if (atMs > fromMs && atMs <= toMs) buckets[length - 1 - Math.floor((toMs - atMs) / stepMs)]?.push(value)
  }
  return buckets.map((values) => (values.length === 0 ? null : inTime(series, values, stepMs)))
}

function inTime({ as, rollup }: SeriesExpression, values: readonly number[], stepMs: number): number {
  const method = rollup?.method ?? (as === null ? 'avg' : 'sum')
  const value = aggregate(method, values)
  return as === 'rate' ? value / (stepMs / 1_000) : value
}

function inSpace(aggregator: SeriesExpression['aggregator'], values: readonly number[]): number | null {
  if (values.length === 0) return null
  if (typeof aggregator === 'string') return aggregate(aggregator, values)
  const sorted = [...values].sort((a, b) => a - b)
  const at = (aggregator.percentile / 100) * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? 0
  const high = sorted[Math.ceil(at)] ?? 0
  return low + (high - low) * (at - Math.floor(at))
}

function aggregate(method: 'avg' | 'sum' | 'min' | 'max' | 'count', values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0)
  switch (method) {
    case 'avg':
      return sum / values.length
    case 'sum':
      return sum
    case 'min':
      return Math.min(...values)
    case 'max':
      return Math.max(...values)
    case 'count':
      return values.length
  }
}

/** A bare tag is a key without a value. */
function tagsOf(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((tag) => {
      const colon = tag.indexOf(':')
      return colon < 0 ? [tag, ''] : [tag.slice(0, colon), tag.slice(colon + 1)]
    }),
  )
}
