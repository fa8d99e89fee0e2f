/**
 * Leaves of metric queries over a Prometheus-compatible source: one range query for all buckets, whose ends are the times of evaluation.
 * Never answers from a part of the data: it fails as a whole, with a SourceError. Read next: leaf.ts, reply.ts.
 */
import { type SeriesRequest, type SeriesSource, SourceError } from '../../../activities/ports.ts'
import { groupKey } from '../../../core/monitor/group.ts'
import { type Frame, frameOf } from '../../../core/query/frame.ts'
import type { HttpSource } from '../http-source.ts'
import { type LeafOptions, leafPromql } from './leaf.ts'
import type { NameRule } from './names.ts'
import { type Labels, type PromSeries, seriesOf } from './reply.ts'

/** What Prometheus itself answers at most. */
const pointsMax = 11_000
/** The value of a group key that a series doesn't have, as Datadog shows it. */
const absent = 'N/A'

/** `told` hears the PromQL that is sent. */
export function prometheusSeries(http: HttpSource, options: LeafOptions, told: (promql: string) => void = () => {}): SeriesSource {
  return {
    series: async (request) => {
      const { series, fromMs, toMs, stepMs, timeoutMs } = request
      const promql = leafPromql(series, stepMs, options)
      told(promql)
      const length = Math.ceil((toMs - fromMs) / stepMs)
      if (length > pointsMax) throw new SourceError('bad-query', `${length} buckets at once, at most ${pointsMax}: make them longer`)
      const restMs = toMs - fromMs - (length - 1) * stepMs
      const isCut = restMs !== stepMs
      const whole = isCut ? length - 1 : length
      const oldestMs = toMs - (length - 1) * stepMs
      const [runs, oldest] = await Promise.all([
        whole === 0 ? [] : rangeQuery(http, promql, { toMs, stepMs, length: whole }, timeoutMs),
        // Where the time begins within a bucket, that one is shorter than the others.
        isCut ? instantQuery(http, leafPromql(series, restMs, options), oldestMs, timeoutMs) : [],
      ])
      return frameFrom(request, length, [...oldest, ...runs], options.names)
    },
  }
}

export async function rangeQuery(
  http: HttpSource,
  query: string,
  { toMs, stepMs, length }: Readonly<{ toMs: number; stepMs: number; length: number }>,
  timeoutMs: number,
): Promise<PromSeries[]> {
  const start = toMs - (length - 1) * stepMs
  const parameters = { query, start: secondsText(start), end: secondsText(toMs), step: secondsText(stepMs) }
  return seriesOf(await http.ask('/api/v1/query_range', parameters, timeoutMs))
}

export async function instantQuery(http: HttpSource, query: string, atMs: number, timeoutMs: number): Promise<PromSeries[]> {
  return seriesOf(await http.ask('/api/v1/query', { query, time: secondsText(atMs) }, timeoutMs))
}

/** Places are counted back from the newest bucket, which ends at toMs. */
function frameFrom(
  { series: { by }, toMs, stepMs, groupsMax }: SeriesRequest,
  length: number,
  found: readonly PromSeries[],
  names: NameRule,
): Frame {
  const groups = new Map<string, (number | null)[]>()
  for (const { labels, points } of found) {
    if (points.length === 0) continue
    const group = groupKey(Object.fromEntries(by.map((key) => [key, tagValue(labels, key, names)])))
    const values = groups.get(group) ?? new Array<number | null>(length).fill(null)
    groups.set(group, values)
    for (const { atMs, value } of points) values[length - 1 - Math.round((toMs - atMs) / stepMs)] = value
  }
  const kept = [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, groupsMax)
  return frameOf({ toMs, stepMs, length }, Object.fromEntries(kept))
}

function tagValue(labels: Labels, key: string, names: NameRule): string {
  const label = names.label(key)
  const value = labels[label.startsWith('"') ? key : label]
  return value === undefined || value === '' ? absent : value
}

function secondsText(ms: number): string {
  return (ms / 1_000).toFixed(3)
}
