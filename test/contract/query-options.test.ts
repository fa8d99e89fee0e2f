import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { parseDefinition } from '../../contract/parse.ts'

const errorsOf = (type: string, query: string, options: object = {}): readonly string[] => {
  const parsed = parseDefinition({ type, name: 'x', query, options })
  return parsed.ok ? [] : parsed.errors
}

describe('what a query asks of its options', () => {
  test.each<[string, string, object, string[]]>([
    ['service check', '"x".last(4).count_by_status()', { thresholds: { critical: 4, ok: 1 } }, []],
    [
      'service check',
      '"x".last(4).count_by_status()',
      { thresholds: { critical: 5, warning: 0 } },
      [
        'options.thresholds.critical is 5, but the query looks at the last 4 results only: use .last(6)',
        'options.thresholds.warning is 0: at least one result makes a status',
      ],
    ],
    ['service check', '"x".by("a").pct_by_status()', { thresholds: { critical: 50, warning: 20 } }, []],
    [
      'service check',
      '"x".by("a").pct_by_status()',
      { thresholds: { critical: 101 } },
      ['options.thresholds.critical is 101: it is a percentage, 0 to 100'],
    ],
    ['log alert', 'logs("x").rollup("count").by("@a").last("5m") > 9', { notify_by: ['@a'] }, []],
    [
      'log alert',
      'logs("x").rollup("count").by("@a").last("5m") > 9',
      { notify_by: ['b'] },
      ['options.notify_by: "b" makes no bundles, the query groups by @a: use some of its keys, or only "*"'],
    ],
    [
      'log alert',
      'logs("x").rollup("count").last("5m") > 9',
      { thresholds: { critical: 8 } },
      ['options.thresholds.critical is 8 but the query compares with 9: both must be the same number'],
    ],
    ['sql alert', 'select 1 as value', { thresholds: { critical: 8 } }, []],
    ['sql alert', 'select 1 as value; > 8', {}, []],
    [
      'sql alert',
      'select 1 as value',
      { thresholds: { warning: 8 } },
      ['options.thresholds.critical is missing: end the query with a comparison such as "; > 10", or set it'],
    ],
    ['promql alert', 'sum by (job) (rate(a[5m])) > 0.5', { notify_by: ['job'] }, []],
    ['promql alert', 'absent(up{job="x"})', {}, []],
    ['promql alert', '1 > 0', {}, []],
    [
      'promql alert',
      'sum(rate(a[5m]) by',
      {},
      ['query: syntax error: expected "(", ")", "[", "{", comment or text in quotes, but the query ends at line 1, column 19'],
    ],
    ['promql alert', 'a\n  + > 5', {}, ['query: this is no PromQL, from "> 5" on (line 2, column 5)']],
    ['promql alert', 'a +', {}, ['query: this is no PromQL: it ends too early (line 1, column 4)']],
    ['promql alert', '(a[5m])', {}, ['query: a range has no value to compare: use a function such as rate() or max_over_time()']],
    ['promql alert', 'a[5m:1m] > 5', {}, ['query: a range has no value to compare: use a function such as rate() or max_over_time()']],
    ['promql alert', '"x"', {}, ['query: a text can’t be compared']],
  ])('%s %s %j', (type, query, options, errors) => {
    expect(errorsOf(type, query, options)).toEqual(errors)
  })
})

const rules = new URL('../../../shared/corpus/prometheus/', import.meta.url)
const file = z
  .object({
    groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string().optional(), expr: z.unknown() }).loose()).nullish() }).loose()),
  })
  .loose()

test('expressions of public alerting rules are promql alerts', () => {
  if (!existsSync(rules)) return console.log('skipping public rules: the folder shared/corpus is not here')
  const wrong: string[] = []
  let many = 0
  for (const name of readdirSync(rules).filter((name) => name.endsWith('.yaml'))) {
    const parsed = file.safeParse(parseYaml(readFileSync(new URL(name, rules), 'utf8'), { strict: false, logLevel: 'silent' }))
    for (const rule of (parsed.data?.groups ?? []).flatMap((group) => group.rules ?? [])) {
      if (rule.alert === undefined) continue
      many += 1
      const errors = errorsOf('promql alert', String(rule.expr))
      if (errors.length > 0) wrong.push(`${name} ${rule.alert}: ${errors.join('; ')}`)
    }
  }
  expect(wrong).toEqual([])
  expect(many).toBeGreaterThan(1_000)
})

const monitors = new URL('../../../shared/corpus/datadog-monitors.jsonl', import.meta.url)

test('queries of public checks and searches are right', () => {
  if (!existsSync(monitors)) return console.log('skipping the public definitions: the folder shared/corpus is not here')
  const lines = readFileSync(monitors, 'utf8').trim().split('\n')
  const others = lines
    .map((line) => JSON.parse(line))
    .map((entry) => entry.monitor ?? entry)
    .filter(({ type }) => !['query alert', 'metric alert'].includes(type))
  expect(others.length).toBeGreaterThan(30)
  expect(others.flatMap(({ type, query, options }) => errorsOf(type, query, options))).toEqual([])
})
