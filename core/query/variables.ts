/**
 * The typed sub-queries that a formula names, as they stand in a monitor's options, and what the formula means with them.
 * Total: what isn't one of the known kinds is kept as `other` (stored, not evaluated). Read next: formula-nodes.ts, formula-metric.ts.
 */
import type { Expression } from './metric-nodes.ts'
import { parseMetricExpression } from './metric-parse.ts'
import { parseSearch } from './search.ts'
import type { Search } from './search-nodes.ts'

export type Variable =
  /** `{ data_source: "metrics", name, query }` */
  | Readonly<{ kind: 'metric'; name: string; of: Expression }>
  /** `{ data_source: "logs", name, indexes, search, compute, group_by }` and all that is searched like logs. */
  | Readonly<{
      kind: 'event'
      name: string
      /** As it is written: logs, rum, spans, database_queries … */
      dataSource: string
      search: Search
      /** Names of indexes; empty = all of them. */
      indexes: readonly string[]
      /** count, cardinality, avg, pc95 … */
      aggregation: string
      measure: string | null
      by: readonly string[]
    }>
  /** What only its own kind of source would understand. */
  | Readonly<{ kind: 'other'; name: string; dataSource: string; by: readonly string[] }>

/** `path`: where in the variables. */
export type VariableIssue = Readonly<{ path: string; message: string }>

export type Variables = Readonly<{ variables: readonly Variable[]; issues: readonly VariableIssue[] }>

const metricSources: readonly unknown[] = ['metrics']

/** `options.variables`, whatever it is. */
export function readVariables(value: unknown): Variables {
  const found = (Array.isArray(value) ? value : []).map((one, index) => readOne(recordOf(one), index))
  const variables = found.flatMap(({ variable }) => (variable === null ? [] : [variable]))
  const names = variables.map(({ name }) => name)
  const repeated = names.filter((name, index) => names.indexOf(name) < index)
  return {
    variables,
    issues: [
      ...found.flatMap(({ issues }) => issues),
      ...repeated.map((name) => ({ path: 'name', message: `two variables have the name ${name}` })),
    ],
  }
}

type Read = Readonly<{ variable: Variable | null; issues: readonly VariableIssue[] }>

function readOne(fields: Fields, index: number): Read {
  const { name, data_source: source } = fields
  const issue = (field: string, message: string): Read => ({ variable: null, issues: [{ path: `${index}.${field}`, message }] })
  if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
    return issue('name', 'expected a name of letters, digits and underscores, as the formula has it')
  }
  const dataSource = typeof source === 'string' ? source : ''
  if (metricSources.includes(source)) return readMetric(name, fields, issue)
  if (typeof recordOf(fields.compute).aggregation === 'string') return readEvent(name, dataSource, fields, issue)
  return { variable: { kind: 'other', name, dataSource, by: keysOf(fields.group_by) }, issues: [] }
}

type Issue = (field: string, message: string) => Read

function readMetric(name: string, { query }: Fields, issue: Issue): Read {
  if (typeof query !== 'string') return issue('query', 'expected a metric query, as in sum:app.hits{*} by {host}')
  const parsed = parseMetricExpression(query)
  return parsed.ok ? { variable: { kind: 'metric', name, of: parsed.query }, issues: [] } : issue('query', parsed.error.message)
}

function readEvent(name: string, dataSource: string, fields: Fields, issue: Issue): Read {
  const { aggregation, metric } = recordOf(fields.compute)
  const { query } = recordOf(fields.search)
  const parsed = parseSearch(typeof query === 'string' ? query : '*')
  if (!parsed.ok) return issue('search.query', parsed.error.message)
  const indexes = Array.isArray(fields.indexes) ? fields.indexes.filter((one) => typeof one === 'string' && one !== '*').map(String) : []
  const by = keysOf(fields.group_by)
  const measure = typeof metric === 'string' && metric !== '' ? metric : null
  return {
    variable: { kind: 'event', name, dataSource, search: parsed.search, indexes, aggregation: String(aggregation), measure, by },
    issues: [],
  }
}

/** `[{ facet: "@a" }]`, `["a"]` or `{ fields: ["@a"] }`; tag keys in lower case, attributes as they are. */
function keysOf(groupBy: unknown): readonly string[] {
  const listed = Array.isArray(groupBy) ? groupBy : recordOf(groupBy).fields
  const keys = (Array.isArray(listed) ? listed : []).map((one) => (typeof one === 'string' ? one : recordOf(one).facet))
  return [...new Set(keys.filter((key) => typeof key === 'string').map((key) => (key.startsWith('@') ? key : key.toLowerCase())))]
}

type Fields = Readonly<Record<string, unknown>>

function recordOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
}
