/** What the page that makes monitors does with texts and numbers, without a browser. */
import { describe, expect, test } from 'vitest'
import {
  blankDraft,
  changesOf,
  definitionOf,
  draftFromJson,
  draftOf,
  thresholdsOf,
  withOption,
  withQuery,
  withThreshold,
} from '../../console/pages/monitor-edit/draft.ts'
import { numberText, valueText } from '../../console/pages/monitor-edit/thresholds.ts'
import { handleAt, wordsAt } from '../../console/pages/monitor-edit/words-at.ts'
import { parseDefinition } from '../../contract/parse.ts'
import { typeTable } from '../../contract/type-table.ts'
import { monitorTypes } from '../../contract/types.ts'

/** `|` is the caret. */
const at = (type: string, text: string) => wordsAt(type, text.replace('|', ''), text.indexOf('|'))

describe('at the caret', () => {
  test.each([
    ['query alert', 'avg(last_5m):avg:sys|', { of: 'name', text: 'sys' }, 'sys'],
    ['query alert', 'avg(last_5m):p95:a.b|', { of: 'name', text: 'a.b' }, 'a.b'],
    ['query alert', 'avg(last_5m):avg:load{|', { of: 'key', name: 'load', text: '' }, ''],
    ['query alert', 'avg(last_5m):avg:load{env:prod,ho|} > 1', { of: 'key', name: 'load', text: 'ho' }, 'ho'],
    ['query alert', 'avg(last_5m):avg:load{env:pr|', { of: 'value', name: 'load', key: 'env', text: 'pr' }, 'pr'],
    ['query alert', 'avg(last_5m):avg:load{*} by {host,q|', { of: 'key', name: 'load', text: 'q' }, 'q'],
    ['query alert', 'avg(last_5m):avg:a{x:y} / sum:b{z|', { of: 'key', name: 'b', text: 'z' }, 'z'],
    ['promql alert', 'rate(http_re|', { of: 'name', text: 'http_re' }, 'http_re'],
    ['promql alert', 'up{jo|', { of: 'key', name: 'up', text: 'jo' }, 'jo'],
    ['promql alert', 'up{job="a', null, null],
    ['promql alert', 'up{job="a|', { of: 'value', name: 'up', key: 'job', text: 'a' }, 'a'],
    ['promql alert', 'sum by (j|', { of: 'key', text: 'j' }, 'j'],
    ['log alert', 'logs("service:we|', { of: 'value', key: 'service', text: 'we' }, 'we'],
    ['log alert', 'logs("status:error -ho|', { of: 'key', text: 'ho' }, 'ho'],
    ['log alert', 'logs("x").rollup("count").by("host,se|', { of: 'key', text: 'se' }, 'se'],
    ['service check', '"app.|', { of: 'name', text: 'app.' }, 'app.'],
    ['service check', '"app.up".over("env:p|', { of: 'value', name: 'app.up', key: 'env', text: 'p' }, 'p'],
    ['http alert', 'http("|', null, null],
    ['query alert', 'avg(last_5|', null, null],
  ] as const)('of %s in %s', (type, text, ask, replaced) => {
    const found = text.includes('|') ? at(type, text) : wordsAt(type, text, 0)
    expect(found?.ask ?? null).toEqual(ask)
    if (found !== null) expect(text.replace('|', '').slice(found.from, found.to)).toBe(replaced)
  })

  test.each([
    ['tell @we', 'we'],
    ['{{/is_alert}}@', ''],
    ['a@b', null],
    ['@x ', null],
  ])('a handle in %j', (text, expected) => {
    expect(handleAt(text, text.length)?.text ?? null).toBe(expected)
  })
})

describe('a draft', () => {
  const draft = withQuery(blankDraft('query alert'), 'avg(last_5m):avg:load{*} > 4.5')

  test.each(monitorTypes.filter((type) => typeTable[type].group !== 'Kept for Datadog'))(
    'of %s can be saved once it has a name',
    (type) => {
      const parsed = parseDefinition(definitionOf({ ...blankDraft(type), name: 'x' }))
      expect(parsed.ok ? [] : parsed.errors).toEqual([])
    },
  )

  test('has its critical threshold in the query and in the options', () => {
    expect(thresholdsOf(draft)).toEqual({ critical: 4.5 })
    const moved = withThreshold(draft, 'critical', 7)
    expect(moved.query).toBe('avg(last_5m):avg:load{*} > 7')
    expect(thresholdsOf(withQuery(moved, 'avg(last_5m):avg:load{*} > -1e3'))).toEqual({ critical: -1_000 })
  })

  test('keeps a query that is being typed as it is typed', () => {
    expect(withQuery(draft, 'avg(last_5m):avg:load{*} > ')).toMatchObject({ query: 'avg(last_5m):avg:load{*} > ', options: draft.options })
  })

  test('leaves out what is taken away', () => {
    const warned = withThreshold(draft, 'warning', 3)
    expect(thresholdsOf(withThreshold(warned, 'warning', null))).toEqual({ critical: 4.5 })
    expect(withOption(withOption(draft, 'hold', 60), 'hold', undefined)).toEqual(draft)
  })

  test('of what is stored keeps what this page has no field for, and drops what the server says', () => {
    const stored = { ...definitionOf(draft), id: 7, created: 'x', restricted_roles: ['a'], assets: [] }
    expect(definitionOf(draftOf(stored))).toEqual({ ...definitionOf(draft), restricted_roles: ['a'], assets: [] })
  })

  test('says what is other, option by option', () => {
    const other = { ...withOption(draft, 'hold', 60), name: 'other' }
    expect(changesOf(draft, other)).toEqual([
      { field: 'name', from: '', to: 'other' },
      { field: 'options.hold', from: undefined, to: 60 },
    ])
    expect(changesOf(draft, draft)).toEqual([])
  })

  test('is read out of JSON, and what is none is told', () => {
    expect(draftFromJson(JSON.stringify(definitionOf(draft)), 'query alert')).toEqual({ draft })
    expect(draftFromJson('[]', 'query alert')).toEqual({ problem: 'expected an object' })
    expect(draftFromJson('{"nmae": 1}', 'query alert')).toEqual({ problem: 'unknown field nmae' })
    expect(draftFromJson('{', 'query alert')).toHaveProperty('problem')
  })
})

test.each([
  [0, null, '0'],
  [12_345, null, '12.35k'],
  [9_999, null, '9999'],
  [0.123456, null, '0.1235'],
  [1_536, 'bytes', '1.5 KB'],
  [93.5, 'percent', '93.5 %'],
  [2, 'seconds', '2 s'],
])('%d in %s reads %s', (value, unit, text) => {
  expect(valueText(value, unit)).toBe(text)
  if (unit === null) expect(numberText(value)).toBe(text)
})
