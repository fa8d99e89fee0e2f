/**
 * A Prometheus rule as a monitor carries it (`options.prometheus`), and what one of its alerts is called: labels and annotations, rendered as
 * Prometheus does. Pure. Read next: expand.ts, rule-option.ts.
 */
import { parseGroupKey } from '../monitor/group.ts'
import { type QueryAnswer, templateOf } from './expand.ts'
import { prometheusRuleOf } from './rule-option.ts'

export type RuleSubject = Readonly<{ name: string; options: Readonly<Record<string, unknown>> }>

export type RenderedAlert = Readonly<{
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** Queries that had no answer: with them, it is to be rendered again. */
  asks: readonly string[]
}>

type Answers = ReadonlyMap<string, QueryAnswer>

/** Of one group alone. */
export function renderAlert(subject: RuleSubject, group: string, value: number | null, answers: Answers = new Map()): RenderedAlert {
  return alertRenderer(subject)(group, value, answers)
}

/** For many groups: the rule's templates are read once. Of a monitor that is no rule: its group's labels under its name. */
export function alertRenderer({ name, options }: RuleSubject): (group: string, value: number | null, answers: Answers) => RenderedAlert {
  const rule = prometheusRuleOf(options.prometheus)
  if (rule === null) return (group) => ({ labels: { ...parseGroupKey(group), alertname: name }, annotations: {}, asks: [] })
  const { externalLabels, externalUrl } = rule
  const templates = { labels: templatesOf(rule.labels), annotations: templatesOf(rule.annotations) }
  return (group, value, answers) => {
    const own = parseGroupKey(group)
    const asks: string[] = []
    const data = { labels: own, value: value ?? Number.NaN, externalLabels, externalUrl, answers }
    const rendered = (template: ExpandedBy): string => {
      const expanded = template(data)
      if (expanded.kind === 'text') return expanded.text
      if (expanded.kind === 'asks') asks.push(expanded.query)
      const error = expanded.kind === 'asks' ? `the source was not asked: ${expanded.query}` : expanded.error
      return `<error expanding template: ${error}>`
    }
    const labels = { ...own, ...all(templates.labels, rendered), alertname: name }
    return {
      // An empty label is none.
      labels: Object.fromEntries(Object.entries(labels).filter(([, one]) => one !== '')),
      annotations: all(templates.annotations, rendered),
      asks: [...new Set(asks)],
    }
  }
}

type ExpandedBy = ReturnType<typeof templateOf>
type Templates = readonly (readonly [name: string, template: ExpandedBy])[]

function templatesOf(texts: Readonly<Record<string, string>>): Templates {
  return Object.entries(texts).map(([name, text]) => [name, templateOf(text)])
}

function all(templates: Templates, rendered: (template: ExpandedBy) => string): Record<string, string> {
  return Object.fromEntries(templates.map(([name, template]) => [name, rendered(template)]))
}
