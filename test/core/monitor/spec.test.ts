import { describe, expect, test } from 'vitest'
import { compileSpec, type Definition } from '../../../core/monitor/spec.ts'
import { queryFacts } from '../../../core/query/facts.ts'

const hourMs = 3_600_000
function compile(options: Definition['options'], query = 'avg(last_5m):avg:cpu{*} by {host,env} > 90', type = 'query alert') {
  const definition: Definition = {
    monitorId: 7,
    version: 3,
    type,
    name: 'CPU',
    query,
    priority: 2,
    tags: ['team:a'],
    draftStatus: 'published',
    options,
  }
  return compileSpec(definition, queryFacts(type, query))
}

test('defaults, and what the query says', () => {
  expect(compile({})).toEqual({
    monitorId: 7,
    version: 3,
    type: 'query alert',
    name: 'CPU',
    query: 'avg(last_5m):avg:cpu{*} by {host,env} > 90',
    datasource: null,
    priority: 2,
    tags: ['team:a'],
    draft: false,
    intervalMs: 60_000,
    windowMs: 300_000,
    delayMs: 0,
    groupBy: ['env', 'host'],
    comparator: '>',
    thresholds: { critical: 90, warning: null, criticalRecovery: null, warningRecovery: null },
    missing: { action: 'show', timeframeMs: 600_000 },
    holdMs: 0,
    keepFiringMs: 0,
    newGroupDelayMs: 60_000,
    timeoutMs: null,
    renotify: null,
    retentionMs: 24 * hourMs,
    requireFullWindow: false,
    onEvaluationError: 'keep',
    notifyBy: null,
    schedule: null,
    calendar: { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 },
    groupsMax: 20_000,
    silenced: {},
  })
})

test.each([
  ['avg(last_4h):avg:cpu{*} > 90', 60_000],
  ['avg(last_1d):avg:cpu{*} > 90', 600_000],
  ['avg(last_2d):avg:cpu{*} > 90', 1_800_000],
])('the window of %s means an interval of %d ms', (query, intervalMs) => {
  expect(compile({}, query).intervalMs).toBe(intervalMs)
})

describe('options', () => {
  test.each([
    [{ interval: 5 }, { intervalMs: 5_000 }],
    [{ evaluation_delay: 700 }, { delayMs: 700_000 }],
    [{ require_full_window: true }, { requireFullWindow: true }],
    [{ on_evaluation_error: 'show_unknown' }, { onEvaluationError: 'unknown' }],
    [{ on_evaluation_error: 'alert' }, { onEvaluationError: 'alert' }],
    [{ on_evaluation_error: 'keep' }, { onEvaluationError: 'keep' }],
    [{ notify_by: ['*'] }, { notifyBy: [] }],
    [{ notify_by: ['env'] }, { notifyBy: ['env'] }],
    // All keys, or none that makes a group: each group on its own.
    [{ notify_by: ['env', 'host'] }, { notifyBy: null }],
    [{ notify_by: ['rack'] }, { notifyBy: null }],
    [{ notify_by: [] }, { notifyBy: null }],
    [
      {
        scheduling_options: {
          custom_schedule: { recurrences: [{ rrule: 'FREQ=DAILY', start: '2026-01-01T09:00:00', timezone: 'Europe/Madrid' }] },
        },
      },
      { schedule: { rrule: 'FREQ=DAILY', start: '2026-01-01T09:00:00', timezone: 'Europe/Madrid' } },
    ],
    [
      { scheduling_options: { evaluation_window: { day_starts: '04:30', hour_starts: 15, month_starts: 3, timezone: 'Asia/Tokyo' } } },
      { calendar: { timezone: 'Asia/Tokyo', hourMinute: 15, dayMinute: 270, monthDay: 3 } },
    ],
    [{ notify_no_data: true, no_data_timeframe: 10 }, { missing: { action: 'notify', timeframeMs: 600_000 } }],
    [{ notify_no_data: true }, { missing: { action: 'notify', timeframeMs: 600_000 } }],
    [{ on_missing_data: 'resolve' }, { missing: { action: 'resolve', timeframeMs: 300_000 } }],
    [{ on_missing_data: 'default' }, { missing: { action: 'keep', timeframeMs: 300_000 } }],
    [{ on_missing_data: 'show_no_data' }, { missing: { action: 'show', timeframeMs: 300_000 } }],
    [{ on_missing_data: 'show_and_notify_no_data' }, { missing: { action: 'notify', timeframeMs: 300_000 } }],
    [
      { hold: 300, keep_firing: 120, new_group_delay: 0, timeout_h: 2 },
      { holdMs: 300_000, keepFiringMs: 120_000, newGroupDelayMs: 0, timeoutMs: 2 * hourMs },
    ],
    [{ renotify_interval: 10 }, { renotify: { intervalMs: 600_000, occurrences: null, statuses: ['Alert', 'No Data'] } }],
    [
      { renotify_interval: 10, renotify_occurrences: 2, renotify_statuses: ['warn'] },
      { renotify: { intervalMs: 600_000, occurrences: 2, statuses: ['Warn'] } },
    ],
    [{ renotify_interval: 0 }, { renotify: null }],
    [{ group_retention_duration: '3d' }, { retentionMs: 72 * hourMs }],
    [{ group_retention_duration: 'soon' }, { retentionMs: 24 * hourMs }],
    [{ silenced: { '*': 1_776_339_409, 'host:a': null } }, { silenced: { '*': 1_776_339_409_000, 'host:a': null } }],
    [
      { thresholds: { critical: '91', warning: 80.5, critical_recovery: 85, warning_recovery: 70 } },
      { thresholds: { critical: 91, warning: 80.5, criticalRecovery: 85, warningRecovery: 70 } },
    ],
  ])('%j', (options, expected) => {
    expect(compile(options)).toMatchObject(expected)
  })
})

test('a query that no source evaluates yet compiles, and forgets no group', () => {
  expect(compile({ thresholds: { critical: 4 } }, 'no_query()', 'synthetics alert')).toMatchObject({
    groupBy: null,
    thresholds: { critical: 4 },
    intervalMs: 60_000,
  })
})
