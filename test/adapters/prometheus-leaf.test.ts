import { describe, expect, test } from 'vitest'
import { leafPromql } from '../../adapters/datasources/prometheus/leaf.ts'
import { nameRule } from '../../adapters/datasources/prometheus/names.ts'
import type { SeriesExpression } from '../../core/query/metric-nodes.ts'

describe('a leaf becomes PromQL', () => {
  const base: SeriesExpression = {
    ...{ kind: 'series', aggregator: 'sum', metric: 'web.requests', filter: { kind: 'all' }, by: ['host'] },
    ...{ as: null, rollup: null, fill: null, weighted: false },
  }
  const tag = { kind: 'tag', key: 'kube.app', value: 'web' } as const
  test.for<readonly [string, Partial<SeriesExpression>, number, string]>([
    ['an average of gauges', { aggregator: 'avg', by: [] }, 60_000, 'avg by () (avg_over_time(web_requests{}[59s999ms]))'],
    ['a rate', { as: 'rate' }, 300_000, 'sum by (host) (rate(web_requests{}[299s999ms]))'],
    ['a rate over buckets shorter than four scrapes', { as: 'rate' }, 30_000, 'sum by (host) (rate(web_requests{}[59s999ms]))'],
    ['a count', { as: 'count' }, 300_000, 'sum by (host) (rate(web_requests{}[299s999ms])) * 300'],
    [
      'a weighted average',
      { aggregator: 'avg', weighted: true },
      1_000,
      'sum by (host) (sum_over_time(web_requests{}[999ms])) / sum by (host) (count_over_time(web_requests{}[999ms]))',
    ],
    [
      'a percentile',
      { aggregator: { percentile: 99.9 } },
      60_000,
      'quantile by (host) (0.9990000000000001, avg_over_time(web_requests{}[59s999ms]))',
    ],
    ['a filter', { filter: tag }, 60_000, 'sum by (host) (avg_over_time(web_requests{kube_app=~"(?i:web)"}[59s999ms]))'],
    [
      'what nothing matches',
      { filter: { kind: 'not', of: { kind: 'all' } } },
      60_000,
      'sum by (host) (avg_over_time(web_requests{__name__=""}[59s999ms]))',
    ],
  ])('%s', ([, changes, rangeMs, promql]) => {
    expect(leafPromql({ ...base, ...changes }, rangeMs, { names: nameRule('underscores'), scrapeMs: 15_000 })).toBe(promql)
  })

  test('names may be left as they are', () => {
    const options = { names: nameRule('exact'), scrapeMs: 15_000 }
    expect(leafPromql({ ...base, filter: tag, by: ['kube.app'] }, 60_000, options)).toBe(
      'sum by ("kube.app") (avg_over_time({"web.requests","kube.app"=~"(?i:web)"}[59s999ms]))',
    )
  })

  test('a filter of too many alternatives is refused', () => {
    const either = (n: number) =>
      ({
        kind: 'or',
        of: [
          { ...tag, key: `a${n}` },
          { ...tag, key: `b${n}` },
        ],
      }) as const
    const filter = { kind: 'and', of: Array.from({ length: 10 }, (_, n) => either(n)) } as const
    expect(() => leafPromql({ ...base, filter }, 60_000, { names: nameRule('underscores'), scrapeMs: 15_000 })).toThrow(
      /more than 64 selectors/,
    )
  })
})
