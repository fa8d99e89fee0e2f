import { describe, expect, test } from 'vitest'
import { isMulti } from '../../contract/multi.ts'
import { parseChange, parseDefinition } from '../../contract/parse.ts'
import { checkThresholds, comparisonOf } from '../../contract/thresholds.ts'
import { datadogTypes } from '../../contract/types.ts'

const cpu = { type: 'metric alert', name: 'CPU', query: 'avg(last_5m):avg:system.cpu{*} > 90' }

const definition = (changes: object = {}) => {
  const parsed = parseDefinition({ ...cpu, ...changes })
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'))
  return parsed.value
}

test('there are 23 types of Datadog’s', () => {
  expect(new Set(datadogTypes).size).toBe(23)
})

describe('the type that is kept', () => {
  test.each([
    ['metric alert', 'avg(last_1h):avg:system.load.5{*} > 90', 'metric alert'],
    ['query alert', 'avg(last_1h):avg:system.load.5{*} > 90', 'query alert'],
    ['metric alert', 'avg(current_1h):avg:system.load.5{*} > 90', 'metric alert'],
    ['metric alert', 'avg(current_1mo):avg:system.load.5{*} > 90', 'query alert'],
    ['query alert', 'formula("query1").rollup("sum").last("5m") > 90', 'metric alert'],
  ])('%s %s → %s', (type, query, kept) => {
    const options = query.startsWith('formula') ? { variables: [{ data_source: 'metrics', name: 'query1', query: 'avg:a{*}' }] } : {}
    expect(definition({ type, query, options }).type).toBe(kept)
  })

  test('a change may call it by its other name', () => {
    const parsed = parseChange({ type: 'query alert', name: 'x' }, definition())
    expect(parsed).toMatchObject({ ok: true, value: { type: 'metric alert', name: 'x' } })
  })
})

describe('what is made of what was sent', () => {
  test.each([
    ['texts are trimmed', { name: ' CPU\n', message: 'x\n', query: ` ${cpu.query}\n` }, { name: 'CPU', message: 'x', query: cpu.query }],
    ['priority 0 is none', { priority: 0 }, { priority: null }],
    ['tags stand once', { tags: ['a:b', ' a:b', 'c'] }, { tags: ['a:b', 'c'] }],
    ['null tags are none', { tags: null, message: null }, { tags: [], message: '' }],
    [
      'an interval in quotes is a number',
      { options: { renotify_interval: '60' } },
      { options: expect.objectContaining({ renotify_interval: 60 }) },
    ],
  ])('%s', (_name, sent, made) => {
    expect(definition(sent)).toMatchObject(made)
  })

  test('thresholds of null are none', () => {
    expect(definition({ options: { thresholds: { critical: null, warning: 80 } } }).options.thresholds).toEqual({ warning: 80 })
    expect(definition({ options: { thresholds: {} } }).options).not.toHaveProperty('thresholds')
  })

  test('the older no-data option has no default beside the newer one', () => {
    expect(definition({ options: { on_missing_data: 'resolve' } }).options).not.toHaveProperty('notify_no_data')
  })
})

describe('the comparison at the end of a query', () => {
  test.each([
    ['x > 5', { comparator: '>', threshold: 5 }],
    ['x >= -1.5e3 ', { comparator: '>=', threshold: -1500 }],
    ['x<.5', { comparator: '<', threshold: 0.5 }],
    ['a >= 1 && b', null],
    ['"check".by("*").last(2).count_by_status()', null],
    ['123 && !456', null],
  ])('%s', (query, comparison) => {
    expect(comparisonOf(query)).toEqual(comparison)
  })
})

describe('thresholds', () => {
  const above = { comparator: '>', threshold: 90 }
  const below = { comparator: '<', threshold: 10 }
  test.each([
    [{}, above, 0],
    [{ critical: 90, warning: 80, critical_recovery: 85, warning_recovery: 70 }, above, 0],
    [{ critical: 90, critical_recovery: 90 }, above, 0],
    [{ critical: 10, warning: 20, critical_recovery: 15, warning_recovery: 25 }, below, 0],
    [{ critical: 89 }, above, 1],
    [{ warning: 90 }, above, 1],
    [{ warning: 91, critical_recovery: 95 }, above, 2],
    [{ warning: 80, warning_recovery: 85 }, above, 1],
    [{ warning: 5 }, below, 1],
    [{ critical_recovery: 5 }, below, 1],
    [{ warning_recovery: 5 }, below, 1],
    [{ critical: 5, warning: 99 }, { comparator: '==', threshold: 5 }, 0],
  ])('%j against %j: %i complaints', (thresholds, comparison, complaints) => {
    expect(checkThresholds(thresholds, comparison)).toHaveLength(complaints)
  })
})

test('a formula that is cut off is refused with what was expected, like any other query', () => {
  const body = { type: 'metric alert', name: 'Ratio', query: 'formula("a / b").last("5m") >' }
  expect(parseDefinition(body)).toEqual({
    ok: false,
    errors: ['query: syntax error: expected number, but the query ends at line 1, column 30'],
  })
})

describe('a monitor has groups', () => {
  test.each([
    ['query alert', 'avg(last_5m):avg:x{*} by {host} > 1', {}, true],
    ['query alert', 'avg(last_5m):avg:x{*} > 1', {}, false],
    ['query alert', 'avg(last_5m):avg:x{a:by} by {} > 1', {}, false],
    ['service check', '"ntp.in_sync".by("*").last(2).count_by_status()', {}, true],
    ['log alert', 'logs("x").index("*").rollup("count").last("5m") > 1', {}, false],
    ['data-jobs alert', 'formula("f(q)").by(job_name).last(1h) > 0', {}, true],
    ['data-quality alert', 'formula("q").last("30m") > 1', { variables: [{ group_by: ['id'] }] }, false],
    ['log alert', 'formula("q").last("30m") > 1', { variables: [{ group_by: [{ facet: 'host' }] }] }, true],
    ['rum alert', 'formula("q").last("30m") > 1', { variables: [{ group_by: [] }] }, false],
    ['metric alert', 'formula("q").last("30m") > 1', { variables: [{ query: 'avg:a{*} by {host}' }] }, true],
    ['metric alert', 'formula("q").last("30m") > 1', { variables: [{ query: 'avg:a{*}' }] }, false],
    ['composite', '1 && 2', {}, false],
  ] as const)('%s %s %j: %s', (type, query, options, multi) => {
    expect(isMulti(type, query, 'variables' in options ? { variables: options.variables.map((variable) => ({ ...variable })) } : {})).toBe(
      multi,
    )
  })
})

describe('what notifications are grouped by', () => {
  const body = (by: string, keys: readonly string[]): unknown => ({
    type: 'query alert',
    name: 'CPU',
    query: `avg(last_5m):avg:cpu{*}${by} > 90`,
    options: { notify_by: keys },
  })

  test.each([
    [' by {host,env}', ['env']],
    [' by {host,env}', ['host', 'env']],
    [' by {host,env}', ['*']],
    [' by {host,env}', []],
    ['', ['*']],
  ])('may be%s: %j', (by, keys) => {
    expect(parseDefinition(body(by, keys))).toMatchObject({ ok: true })
  })

  test.each([
    [' by {host}', ['env'], 'options.notify_by: "env" makes no bundles, the query groups by host: use some of its keys, or only "*"'],
    [' by {host}', ['host', '*'], 'options.notify_by: "*" makes no bundles, the query groups by host'],
    ['', ['env'], 'options.notify_by: "env" makes no bundles, the query groups by nothing'],
  ])('may not be%s: %j', (by, keys, message) => {
    expect(parseDefinition(body(by, keys))).toEqual({ ok: false, errors: [expect.stringContaining(message)] })
  })
})
