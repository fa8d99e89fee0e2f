import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkFormula, formulaKeysOf, metricOf } from '../../../core/query/formula-metric.ts'
import type { FormulaExpression, FormulaQuery } from '../../../core/query/formula-nodes.ts'
import { parseFormula } from '../../../core/query/formula-parse.ts'
import { printFormula, printMetric } from '../../../core/query/metric-print.ts'
import { readVariables } from '../../../core/query/variables.ts'

const variable = (name: string): FormulaExpression => ({ kind: 'variable', name })
const plain: FormulaQuery = {
  kind: 'formula',
  of: variable('a'),
  rollup: null,
  by: [],
  windowMs: 300_000,
  calendar: null,
  windowText: '5m',
  detect: null,
  comparator: '>',
  threshold: 9,
}

function formulaOf(text: string, ownFunctions = false): FormulaQuery {
  const result = parseFormula(text, ownFunctions)
  if (!result.ok) throw new Error(result.error.message)
  return result.query
}

describe('a formula means what it says', () => {
  test.each<[string, Partial<FormulaQuery>]>([
    ['formula("a").last("5m") > 9', {}],
    [" formula ( 'a' ) . last ( '5m' )\n>9 ", {}],
    ['formula("a").last(5m) > 9', {}],
    ['formula("a").rollup("sum").last("5m") > 9', { rollup: 'sum' }],
    ['formula("a").last("1mo").by("Host, @http.url") > 9', { windowText: '1mo', windowMs: 30 * 86_400_000, by: ['host', '@http.url'] }],
    [
      'formula("a").by(job_name,workspace_name).last(10d) > 9',
      { windowText: '10d', windowMs: 864_000_000, by: ['job_name', 'workspace_name'] },
    ],
    ['formula("a").current("1d") > 9', { windowText: '1d', windowMs: 86_400_000, calendar: 'day' }],
    [
      'formula("a").last("5m").anomaly(direction="both") > 9',
      { detect: { name: 'anomaly', args: [{ name: 'direction', value: 'both' }] } },
    ],
    [
      'formula("a / b * 100").last("5m") > 9',
      {
        of: {
          kind: 'arithmetic',
          operator: '*',
          left: { kind: 'arithmetic', operator: '/', left: variable('a'), right: variable('b') },
          right: { kind: 'number', value: 100 },
        },
      },
    ],
    [
      'formula("default_zero(a) - timeshift(a, -3600)").last("5m") > 9',
      {
        of: {
          kind: 'arithmetic',
          operator: '-',
          left: { kind: 'call', name: 'default_zero', of: variable('a'), args: [] },
          right: { kind: 'call', name: 'timeshift', of: variable('a'), args: [{ name: null, value: -3_600 }] },
        },
      },
    ],
  ])('%j', (text, differences) => {
    const query = formulaOf(text)
    expect(query).toEqual({ ...plain, ...differences })
    expect(formulaOf(printFormula(query))).toEqual(query)
  })
})

describe('what is wrong with a formula has its place', () => {
  test.each([
    ['formula("").last("5m") > 9', 'line 1, column 10'],
    ['formula("a").last("5m")', 'line 1, column 24'],
    ['formula("a +").last("5m") > 9', 'line 1, column 13'],
    ['formula("a").lust("5m") > 9', 'expected method such as .last(), but "l" stands at line 1, column 14'],
    ['formula("a") > 9', 'a formula ends with its window, as in formula("a / b").last("15m") > 5'],
    ['formula("a").last("soon") > 9', '.last() takes how long, as in .last("5m"), "4h", "1d", "1w" or "1mo" (line 1, column 13)'],
    ['formula("a").current("2d") > 9', '.current() takes "1h", "1d" or "1mo" (line 1, column 13)'],
    ['formula("a").last("5m").last("5m") > 9', '.last() stands twice (line 1, column 24)'],
    [
      'formula("a").rollup("mean").last("5m") > 9',
      '.rollup() takes one of avg, sum, min, max, count, as in .rollup("sum") (line 1, column 13)',
    ],
    ['formula("a").by("").last("5m") > 9', '.by() takes keys, as in .by("host,env") (line 1, column 13)'],
    ['formula("1 + 2").last("5m") > 9', 'a formula names at least one variable (line 1, column 12)'],
    ['formula("a").last("100d") > 9', 'the window 100d is out of bounds: at most 90d'],
    ['formula("a").last("5m") > 1e999', 'the threshold is too large a number (line 1, column 27)'],
    ['formula("default_zer(a)").last("5m") > 9', 'there is no function default_zer(): did you mean default_zero()? (line 1, column 10)'],
    ['formula("clamp_min(a)").last("5m") > 9', 'clamp_min() needs value (line 1, column 10)'],
    [`formula("${'a+'.repeat(2_000)}a").last("5m") > 9`, 'the formula has more than 1000 parts'],
  ])('%#', (text, message) => {
    expect(parseFormula(text)).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } })
  })

  test('functions of a type of its own are left to its source', () => {
    expect(formulaOf('formula("failed_runs(runs)").last("1h") > 0', true).of).toMatchObject({ kind: 'call', name: 'failed_runs' })
  })
})

const metric = (name: string, query: string) => ({ data_source: 'metrics', name, query })
const logs = (name: string, search: string, facets: readonly string[]) => ({
  data_source: 'logs',
  name,
  indexes: ['*'],
  search: { query: search },
  compute: { aggregation: 'cardinality', metric: '@id' },
  group_by: facets.map((facet) => ({ facet, limit: 10, sort: { order: 'desc', aggregation: 'count' } })),
})

describe('variables', () => {
  test('are read by their kind', () => {
    const { variables, issues } = readVariables([
      metric('hits', 'sum:web.hits{env:prod} by {host}.as_count()'),
      logs('errors', 'status:error', ['Service', '@http.Method']),
      { name: 'runs', job_type: 'spark', jobs_query: 'job_name:*', query_dialect: 'metric' },
    ])
    expect(issues).toEqual([])
    expect(variables).toMatchObject([
      { kind: 'metric', name: 'hits', of: { kind: 'series', metric: 'web.hits', as: 'count', by: ['host'] } },
      {
        kind: 'event',
        name: 'errors',
        dataSource: 'logs',
        indexes: [],
        aggregation: 'cardinality',
        measure: '@id',
        by: ['service', '@http.Method'],
      },
      { kind: 'other', name: 'runs' },
    ])
  })

  test.each([
    [[{ data_source: 'metrics', query: 'x{*}' }], '0.name', /letters, digits/],
    [[{ data_source: 'metrics', name: 'a' }], '0.query', /metric query/],
    [[metric('a', 'sum:x{*} by')], '0.query', /line 1, column 12/],
    [[metric('a', 'abs(sum:x{*}, 1)')], '0.query', /too many arguments/],
    [[metric('a', 'x{*}'), metric('a', 'y{*}')], 'name', /two variables have the name a/],
    [[logs('a', 'status:(', [])], '0.search.query', /column/],
  ])('%j', (value, path, message) => {
    expect(readVariables(value).issues).toEqual([{ path, message: expect.stringMatching(message) }])
  })

  test('of any shape at all never make it throw', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.array(fc.object({ key: fc.constantFrom('name', 'query', 'data_source', 'compute', 'search', 'group_by') })),
        (any, some) => {
          readVariables(any)
          readVariables(some)
        },
      ),
    )
  })
})

describe('a formula with its variables', () => {
  const check = (text: string, variables: readonly unknown[]) => checkFormula(formulaOf(text), readVariables(variables).variables)

  test('over metrics is a metric query', () => {
    const { variables } = readVariables([metric('a', 'sum:x{*} by {host}.as_count()'), metric('b', 'sum:y{*}.as_count() + 1')])
    const query = metricOf(formulaOf('formula("a / b * 100").rollup("max").last("15m") >= 5'), variables)
    expect(query && printMetric(query)).toBe('max(last_15m):sum:x{*} by {host}.as_count() / (sum:y{*}.as_count() + 1) * 100 >= 5')
  })

  test('over anything else is none', () => {
    const { variables } = readVariables([metric('a', 'x{*}'), logs('b', '*', [])])
    expect(metricOf(formulaOf('formula("a + b").last("5m") > 1'), variables)).toBeNull()
    expect(metricOf(formulaOf('formula("a").last("5m").anomaly() > 1'), variables)).toBeNull()
  })

  test('is grouped as they are', () => {
    const { variables } = readVariables([logs('a', '*', ['@x', 'host']), logs('b', '*', [])])
    expect(formulaKeysOf(formulaOf('formula("a / b").last("5m") > 1'), variables)).toEqual(['@x', 'host'])
    expect(formulaKeysOf(formulaOf('formula("sum(a, {host})").last("5m") > 1'), variables)).toEqual(['host'])
    expect(formulaKeysOf(formulaOf('formula("c").last("5m") > 1'), variables)).toBeNull()
    expect(formulaKeysOf(formulaOf('formula("c").by("k").last("5m") > 1'), variables)).toEqual(['k'])
  })

  test.each<[string, readonly unknown[], string]>([
    ['formula("a / c").last("5m") > 1', [metric('a', 'x{*}')], 'the formula names c, which is not among options.variables: there are a'],
    ['formula("a").last("5m") > 1', [], 'the formula names a, which is not among options.variables: there are none'],
    [
      'formula("a / b").last("5m") > 1',
      [logs('a', '*', ['x']), logs('b', '*', ['y'])],
      'formula: the left side of / is grouped by x and the right side by y: use the same keys, or on one side some of the other’s',
    ],
    [
      'formula("top(a, 10)").last("5m") > 1',
      [metric('a', 'x{*}')],
      'formula: top() compares groups: its expression needs some, as in avg:metric{*} by {host}',
    ],
    ['formula("a").last("60d") > 1', [metric('a', 'x{*}')], 'formula: the window last_60d is out of bounds: last_1d to last_31d'],
  ])('%s', (text, variables, message) => {
    expect(check(text, variables)).toEqual([message])
  })
})
