/**
 * A Prometheus rule as a monitor carries it (`options.prometheus`), and what one of its alerts is called: labels and annotations, rendered as
 * Prometheus does. Pure. Read next: expand.ts, contract/prometheus-rule.ts (the option's shape).
 */
import { parseGroupKey } from '../monitor/group.ts'
import { expandTemplate, type QueryAnswer } from './expand.ts'

export type PrometheusRule = Readonly<{
  file: string
  group: string
  /** Position in the group, from 0, and how many rules it has. */
  order: number
  size: number
  /** Of the rule and its group, as written. */
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  externalLabels: Readonly<Record<string, string>>
  externalUrl: string
}>

export type RuleSubject = Readonly<{ name: string; options: Readonly<Record<string, unknown>> }>

export type RenderedAlert = Readonly<{
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** Queries that had no answer: with them, it is to be rendered again. */
  asks: readonly string[]
}>

/** As the option has it; null where a monitor is no rule of Prometheus. */
export function prometheusRuleOf(options: Readonly<Record<string, unknown>>): PrometheusRule | null {
  const { prometheus } = options
  if (!isRecord(prometheus)) return null
  const { file, group, order, size, external_url: externalUrl } = prometheus
  if (typeof file !== 'string' || typeof group !== 'string' || typeof order !== 'number') return null
  return {
    file,
    group,
    order,
    size: typeof size === 'number' ? Math.max(size, order + 1) : order + 1,
    labels: textsOf(prometheus.labels),
    annotations: textsOf(prometheus.annotations),
    externalLabels: textsOf(prometheus.external_labels),
    externalUrl: typeof externalUrl === 'string' ? externalUrl : '',
  }
}

/** Of a monitor that is no rule: its group's labels under its name. */
export function renderAlert(
  subject: RuleSubject,
  group: string,
  value: number | null,
  answers: ReadonlyMap<string, QueryAnswer> = new Map(),
): RenderedAlert {
  const own = parseGroupKey(group)
  const rule = prometheusRuleOf(subject.options)
  if (rule === null) return { labels: { ...own, alertname: subject.name }, annotations: {}, asks: [] }
  const asks: string[] = []
  const data = { labels: own, value: value ?? Number.NaN, externalLabels: rule.externalLabels, externalUrl: rule.externalUrl, answers }
  const rendered = (template: string): string => {
    const expanded = expandTemplate(template, data)
    if (expanded.kind === 'text') return expanded.text
    if (expanded.kind === 'asks') asks.push(expanded.query)
    const error = expanded.kind === 'asks' ? `the source was not asked: ${expanded.query}` : expanded.error
    return `<error expanding template: ${error}>`
  }
  const labels = { ...own, ...all(rule.labels, rendered), alertname: subject.name }
  return {
    // An empty label is none.
    labels: Object.fromEntries(Object.entries(labels).filter(([, one]) => one !== '')),
    annotations: all(rule.annotations, rendered),
    asks: [...new Set(asks)],
  }
}

function all(templates: Readonly<Record<string, string>>, rendered: (template: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, rendered(template)]))
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one]] : [])))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
