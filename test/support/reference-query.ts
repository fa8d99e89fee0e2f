import type { SeriesPoints } from '../../contract/series.ts'
import { groupKey } from '../../core/monitor/group.ts'
import type { PlainSeries, PlainTerm } from './plain-series.ts'

/** Of each group: its value over a window, and whether that is full. */
export type ReferenceReadings = Readonly<Record<string, Readonly<{ value: number; full: boolean }>>>

/** What a metric query means, said the slow and plain way: the intake must answer the same. */
export function referenceReadings(
  query: PlainSeries,
  series: readonly SeriesPoints[],
  bucketMs: number,
  window: Readonly<{ fromMs: number; toMs: number }>,
): ReferenceReadings {
  const matching = series.filter((one) => one.metric === query.metric && query.filter.every((term) => holds(term, one.tags)))
  const byGroup = new Map<string, SeriesPoints[]>()
  for (const one of matching) {
    for (const key of groupsOf(one.tags, query.by)) byGroup.set(key, [...(byGroup.get(key) ?? []), one])
  }
  const values = [...byGroup].flatMap(([key, members]) => {
    const buckets: number[] = []
    let empty = 0
    let oldestIsEmpty = true
    for (let { toMs } = window; toMs > window.fromMs; toMs -= bucketMs) {
      const fromMs = Math.max(toMs - bucketMs, window.fromMs)
      const averages = members.flatMap(({ points }) => {
        const inside = points.filter(({ atMs }) => atMs > fromMs && atMs <= toMs).map(({ value }) => value)
        return inside.length === 0 ? [] : [aggregate('avg', inside)]
      })
      if (averages.length > 0) buckets.push(aggregate(query.spaceAggregator, averages))
      else empty += 1
      oldestIsEmpty = averages.length === 0
    }
    const full = !oldestIsEmpty && empty <= 3
    return buckets.length === 0 ? [] : [[key, { value: aggregate(query.timeAggregator, buckets), full }] as const]
  })
  return Object.fromEntries(values)
}

function aggregate(name: PlainSeries['timeAggregator' | 'spaceAggregator'], values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0)
  switch (name) {
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

function holds(term: PlainTerm, tags: readonly string[]): boolean {
  const text = `${term.key}:${term.value ?? '*'}`
  const pattern = new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[^\w]/g, '\\$&'))
      .join('.*')}$`,
  )
  return tags.some((tag) => pattern.test(tag) || (term.value === null && tag === term.key)) !== term.negated
}

function groupsOf(tags: readonly string[], by: readonly string[]): string[] {
  const combinations = by.reduce<Record<string, string>[]>(
    (groups, key) => groups.flatMap((group) => valuesOf(tags, key).map((value) => ({ ...group, [key]: value }))),
    [{}],
  )
  return combinations.map(groupKey)
}

function valuesOf(tags: readonly string[], key: string): string[] {
  const values = tags.filter((tag) => tag.startsWith(`${key}:`)).map((tag) => tag.slice(key.length + 1))
  return values.length === 0 ? ['N/A'] : values
}
