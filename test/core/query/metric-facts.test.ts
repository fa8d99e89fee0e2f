import { describe, expect, test } from 'vitest'
import { compileSpec } from '../../../core/monitor/spec.ts'
import { queryFacts } from '../../../core/query/facts.ts'

const minuteMs = 60_000
const logs = (name: string, facet: string) => ({ data_source: 'logs', name, compute: { aggregation: 'count' }, group_by: [{ facet }] })

describe('what the engine knows of a metric query', () => {
  test.each<[string, object]>([
    ['avg(last_5m):avg:x{*} by {b,a} > 9', { windowMs: 5 * minuteMs, calendar: null, groupBy: ['b', 'a'], comparator: '>', threshold: 9 }],
    ['avg(current_1d):avg:x{*} > 9', { windowMs: 1_440 * minuteMs, calendar: 'day', groupBy: [] }],
    ['avg(last_5m):avg:x{*} / avg:y{*} by {a,b} > 9', { groupBy: ['a', 'b'] }],
    ['avg(last_5m):sum(avg:x{*} by {a,b}, {b}) > 9', { groupBy: ['b'] }],
    ['avg(last_5m):sum(avg:x{*} by {a,b}) > 9', { groupBy: [] }],
    ['avg(last_5m):count_nonzero(avg:x{*} by {a,b}) > 9', { groupBy: [] }],
    ["avg(last_5m):outliers(avg:x{*} by {a}, 'mad', 3) > 0", { groupBy: ['a'] }],
    ['sum(last_5m):sum:x{*}.as_count() + sum:y{*}.as_count() > 9', { countsFromZero: true }],
    ['sum(last_5m):sum:x{*}.as_count() / sum:y{*}.as_count() > 9', { countsFromZero: false }],
    ['change(sum(last_5m),last_1h):sum:x{*}.as_count() > 9', { countsFromZero: false }],
    ['avg(last_5m):avg:x{*} > 9', { countsFromZero: false }],
  ])('%s', (text, facts) => {
    expect(queryFacts('query alert', text)).toMatchObject(facts)
  })
})

describe('and of a formula, with its variables', () => {
  const variables = [
    { data_source: 'metrics', name: 'a', query: 'sum:x{*} by {h}.as_count()' },
    { data_source: 'metrics', name: 'b', query: 'sum:y{*}.as_count()' },
  ]

  test('over metrics: its source is asked the metric query that it is', () => {
    const query = 'formula("a / b").rollup("sum").last("15m") > 2'
    const facts = queryFacts('query alert', query, variables)
    expect(facts).toMatchObject({ windowMs: 15 * minuteMs, groupBy: ['h'], comparator: '>', threshold: 2 })
    const definition = { monitorId: 1, version: 1, type: 'query alert', name: 'n', priority: null, tags: [], draftStatus: 'published' }
    const spec = compileSpec({ ...definition, query, options: { variables } }, facts)
    expect(spec.query).toBe('sum(last_15m):sum:x{*} by {h}.as_count() / sum:y{*}.as_count() > 2')
    expect(queryFacts('query alert', spec.query)).toMatchObject({ windowMs: 15 * minuteMs, groupBy: ['h'] })
  })

  test('over events: it is grouped as they are', () => {
    const text = 'formula("a / b").last("15m") > 2'
    expect(queryFacts('log alert', text, [logs('a', '@x'), logs('b', '@x')])).toMatchObject({ groupBy: ['@x'], windowMs: 15 * minuteMs })
  })

  test('without them nobody knows its groups', () => {
    expect(queryFacts('log alert', 'formula("a / b").last("15m") > 2')).toMatchObject({ groupBy: null })
  })
})
