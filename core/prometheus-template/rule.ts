/**
 * A Prometheus rule as a monitor carries it (`options.prometheus`), and what one of its alerts is called: labels and annotations, rendered as
 * Prometheus does. Pure. Read next: expand.ts, rule-option.ts.
 */
import { parseGroupKey } from '../monitor/group.ts'
import { expandTemplate, type QueryAnswer } from './expand.ts'
import { prometheusRuleOf } from './rule-option.ts'

export type RuleSubject = Readonly<{ name: string; options: Readonly<Record<string, unknown>> }>

export type RenderedAlert = Readonly<{
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** Queries that had no answer: with them, it is to be rendered again. */
  asks: readonly string[]
}>

/** Of a monitor that is no rule: its group's labels under its name. */
export function renderAlert(
  subject: RuleSubject,
  group: string,
  value: number | null,
  answers: ReadonlyMap<string, QueryAnswer> = new Map(),
): RenderedAlert {
  const own = parseGroupKey(group)
  const rule = prometheusRuleOf(subject.options.prometheus)
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
