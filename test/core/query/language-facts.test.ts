import { describe, expect, test } from 'vitest'
import { compileSpec } from '../../../core/monitor/spec.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import { otherFacts } from '../../../core/query/language-facts.ts'
import { parseOther } from '../../../core/query/languages.ts'

function compile(type: string, query: string, options: Readonly<Record<string, unknown>> = {}): MonitorSpec {
  const parsed = parseOther(type, query)
  if (parsed === null || !parsed.ok) throw new Error(parsed?.error.message ?? type)
  const definition = { monitorId: 7, version: 1, type, name: 'x', query, priority: null, tags: [], draftStatus: 'published', options }
  return compileSpec(definition, otherFacts(parsed.query))
}

const minuteMs = 60_000
const check = '"app.up".over("*").by("host").last(4).count_by_status()'
const logs = (by: string, end: string) => `logs("status:error").index("main").rollup("count")${by}.last("15m") ${end}`

describe('what the engine knows of a query', () => {
  test.each<[string, string, object, object]>([
    ['service check', check, {}, { groupBy: ['host'], comparator: '>=', thresholds: { critical: 2, warning: 1 } }],
    ['service check', check.replace('"host"', '"*"'), {}, { groupBy: null }],
    // Numbers of the options count results: they aren't what levels are compared with.
    ['service check', check, { thresholds: { critical: 3, warning: 1, ok: 2 } }, { thresholds: { critical: 2, warning: 1 } }],
    [
      'service check',
      check,
      { thresholds: { critical: 3, ok: 2 } },
      { statusCounts: { critical: 3, warning: 1, ok: 2, unknown: null }, intervalMs: minuteMs },
    ],
    ['service check', check, {}, { missing: { action: 'show', timeframeMs: 1_440 * minuteMs } }],
    ['service check', check, { notify_no_data: true, no_data_timeframe: 5 }, { missing: { action: 'notify', timeframeMs: 5 * minuteMs } }],
    ['log alert', logs('.by("host,@a.B")', '> 10'), {}, { groupBy: ['@a.B', 'host'], comparator: '>', windowMs: 15 * minuteMs }],
    ['log alert', logs('', '> 10'), {}, { thresholds: { critical: 10, warning: null }, groupBy: [] }],
    ['composite', '1 && 2', {}, { groupBy: null, comparator: '>=', thresholds: { critical: 2, warning: 1 } }],
    ['slo alert', 'error_budget("x").over("30d") > 80', {}, { groupBy: [], intervalMs: 30 * minuteMs }],
    ['slo alert', 'burn_rate("x").over("30d").long_window("1h").short_window("5m") > 14', {}, { intervalMs: minuteMs }],
    ['process alert', 'processes("java").over("env:prod").by("host").rollup("count").last("5m") < 1', {}, { groupBy: ['host'] }],
    ['promql alert', 'up == 0', {}, { groupBy: null, comparator: '==', thresholds: { critical: 0 } }],
    ['promql alert', 'up', { thresholds: { critical: 3 } }, { comparator: '>', thresholds: { critical: 3 }, missing: { action: 'show' } }],
    ['sql alert', 'select 1 as value; > 3', {}, { groupBy: null, thresholds: { critical: 3 } }],
    ['http alert', 'tls("host:443").days_left() < 14', {}, { groupBy: [], comparator: '<', thresholds: { critical: 14 } }],
    ['http alert', 'http("http://x/").status() != 200 || .latency() > 2', {}, { comparator: '>', thresholds: { critical: 0 } }],
    [
      'heartbeat alert',
      'heartbeat("k").every("1w")',
      {},
      { groupBy: [], comparator: '>', thresholds: { critical: 0 }, intervalMs: minuteMs },
    ],
  ])('%s %s %j', (type, query, options, known) => {
    expect(compile(type, query, { ...options })).toMatchObject(known)
  })
})

describe('a group of a count that has gone', () => {
  test.each<[string, object, string]>([
    [logs('.by("host")', '> 10'), {}, 'resolve'],
    [logs('.by("host")', '> 10'), { on_missing_data: 'default' }, 'resolve'],
    [logs('.by("host")', '> 10'), { on_missing_data: 'show_no_data' }, 'show'],
    [logs('.by("host")', '> 10'), { notify_no_data: true }, 'notify'],
    // None is too few here.
    [logs('.by("host")', '< 10'), {}, 'show'],
    [logs('.by("host")', '< 10'), { on_missing_data: 'default' }, 'keep'],
    [logs('.by("host")', '> 10').replace('"count"', '"avg", "@duration"'), {}, 'show'],
  ])('%s %j: %s', (query, options, action) => {
    expect(compile('log alert', query, { ...options }).missing.action).toBe(action)
  })

  test('what PromQL without any threshold no longer answers has recovered', () => {
    expect(compile('promql alert', 'a > on (x) b').missing).toEqual({ action: 'resolve', timeframeMs: minuteMs })
    expect(compile('promql alert', 'a > on (x) b').thresholds.critical).toBeLessThan(-1e300)
  })
})

test('bundles of groups that only the source knows are by any keys', () => {
  expect(compile('promql alert', 'up == 0', { notify_by: ['job'] }).notifyBy).toEqual(['job'])
})
