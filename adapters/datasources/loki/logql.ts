/** Searches over logs as LogQL. Read next: filter.ts, loki.ts. */
import { SourceError } from '../../../activities/ports.ts'
import type { EventQuery } from '../../../core/query/event-nodes.ts'
import type { Field } from '../../../core/query/search-nodes.ts'
import { durationText } from '../prometheus/leaf.ts'
import { filterOf, type LabelRule, lineLabel } from './filter.ts'

export type LokiNames = Readonly<{ selector: string; streamLabels: readonly string[]; labels: Readonly<Record<string, string>> }>

/** Throws a SourceError for what Loki has none of. */
export function logqlOf(query: EventQuery, names: LokiNames): string {
  if (query.source !== 'logs') throw new SourceError('bad-query', `Loki holds logs, no ${query.source}`)
  const labelOf = labelRule(names)
  const filter = filterOf(query.search, labelOf, (label) => names.streamLabels.includes(label))
  const keys = query.by.map((key) => labelOf(fieldOf(key)))
  const measure = query.measure === null ? null : labelOf(fieldOf(query.measure))
  const needsJson = [...query.by, query.measure ?? ''].some((key) => key.startsWith('@')) || hasAttribute(query.search)
  const stages = [
    withMatchers(names.selector, [...filter.matchers, ...indexMatcher(query.indexes)]),
    ...filter.lines,
    ...(needsJson ? ['| json'] : []),
    ...(filter.needsLine ? [`| label_format ${lineLabel}="{{ __line__ }}"`] : []),
    ...filter.labels.map((condition) => `| ${condition}`),
    ...(filter.needsLine ? [`| drop ${lineLabel}`] : []),
  ]
  return aggregate(query, stages.join(' '), keys, measure)
}

/** The label of each group key, in their order. */
export function groupLabels(query: EventQuery, names: LokiNames): string[] {
  return query.by.map((key) => labelRule(names)(fieldOf(key)))
}

function aggregate({ method, windowMs }: EventQuery, pipeline: string, keys: readonly string[], measure: string | null): string {
  const window = `[${durationText(windowMs)}]`
  const by = `by (${keys.join(', ')})`
  if (method === 'count' || measure === null) {
    const counted = measure === null ? pipeline : `${pipeline} | ${measure}!=""`
    return `sum ${by} (count_over_time(${counted} ${window}))`
  }
  if (method === 'cardinality') {
    return `count ${by} (sum by (${[...keys, measure].join(', ')}) (count_over_time(${pipeline} | ${measure}!="" ${window})))`
  }
  const unwrapped = `${pipeline} | unwrap ${measure} | __error__="" ${window}`
  if (method === 'sum') return `sum ${by} (sum_over_time(${unwrapped}))`
  if (typeof method === 'object') return `quantile_over_time(${method.percentile / 100}, ${unwrapped}) ${by}`
  return `${method}_over_time(${unwrapped}) ${by}`
}

function labelRule({ labels }: LokiNames): LabelRule {
  return ({ kind, name }) => (kind === 'tag' && Object.hasOwn(labels, name) ? (labels[name] ?? name) : classic(name))
}

/** As Loki's own JSON stage names what it finds. */
function classic(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_')
}

function fieldOf(key: string): Field {
  return key.startsWith('@') ? { kind: 'attribute', name: key.slice(1) } : { kind: 'tag', name: key }
}

function hasAttribute(search: EventQuery['search']): boolean {
  switch (search.kind) {
    case 'all':
    case 'words':
      return false
    case 'field':
      return search.field.kind === 'attribute'
    case 'not':
      return hasAttribute(search.of)
    case 'and':
    case 'or':
      return search.of.some(hasAttribute)
  }
}

function withMatchers(selector: string, matchers: readonly string[]): string {
  return matchers.length === 0 ? selector : `${selector.slice(0, -1)}, ${matchers.join(', ')}}`
}

/** There is one index to Loki; its name means nothing there, unless a label has it. */
function indexMatcher(indexes: readonly string[]): string[] {
  const named = indexes.filter((index) => index !== 'main')
  return named.length === 0 ? [] : [`index=~${JSON.stringify(named.map((index) => index.replace(/[^\w-]/g, '\\$&')).join('|'))}`]
}
