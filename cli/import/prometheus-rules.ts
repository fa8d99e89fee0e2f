/**
 * Prometheus' rule files as monitors: each alerting rule a `promql alert` under a key made of its file, group and name, with `for` as hold
 * and `keep_firing_for` as keep_firing. Pure. Read next: go-template.ts, docs/how-to/from-prometheus.md.
 */
import { z } from 'zod'
import { parseDefinition } from '../../contract/parse.ts'
import type { Body } from '../apply/desired.ts'
import { type Converted, joined, nothing, type Remark, slugOf } from './converted.ts'
import { translateTemplate } from './go-template.ts'

/** `notify`: handles at the end of each message. `intervalS`: of groups that say none; Prometheus' own default is a minute. */
export type PrometheusOptions = Readonly<{
  prefix: string
  datasource: string | null
  notify: string
  tags: readonly string[]
  intervalS: number
}>

const unitsS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 }

/** Prometheus' durations, in seconds. */
const duration = z
  .union([z.string(), z.number()])
  .transform(String)
  .transform((text, context) => {
    const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)]
    if (text === '0' || (parts.length > 0 && parts.map(([part]) => part).join('') === text)) {
      return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitsS[unit ?? ''] ?? 0), 0)
    }
    context.addIssue({ code: 'custom', message: `expected a duration like 5m, not ${text}` })
    return z.NEVER
  })

const texts = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((values) => Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value ?? '')])))

const rule = z.looseObject({
  alert: z.string().optional(),
  record: z.string().optional(),
  expr: z.union([z.string(), z.number()]).transform(String),
  for: duration.nullish(),
  keep_firing_for: duration.nullish(),
  labels: texts,
  annotations: texts,
})
type Rule = z.output<typeof rule>

const group = z.looseObject({
  name: z.string(),
  type: z.string().optional(),
  interval: duration.nullish(),
  query_offset: duration.nullish(),
  limit: z.number().nullish(),
  labels: texts,
  rules: z.array(z.unknown()).nullish(),
})
type Group = z.output<typeof group>

/** As files have them, or as Kubernetes' operator wraps them. */
const ruleFile = z.union([
  z.looseObject({ groups: z.array(z.unknown()) }),
  z.looseObject({ spec: z.looseObject({ groups: z.array(z.unknown()) }) }),
])

/** `key`: makes keys distinct, over all files that are read together. */
export function convertRules(document: unknown, file: string, options: PrometheusOptions, key: (text: string) => string): Converted {
  const parsed = ruleFile.safeParse(document)
  if (!parsed.success) return { ...nothing, leftOut: [{ place: file, text: 'this is no file of rules: `groups` is missing' }] }
  const groups = 'groups' in parsed.data && Array.isArray(parsed.data.groups) ? parsed.data.groups : groupsOfSpec(parsed.data)
  const inFile = { ...options, prefix: `${options.prefix}${slugOf(fileName(file), slugCharsMax)}/` }
  return joined(groups.map((one: unknown, index) => convertGroup(one, `${file}: groups[${index}]`, inFile, key)))
}

/** Three of them and a prefix make a key. */
const slugCharsMax = 55

/** Groups of one name in two files are two groups, as in Prometheus; where the files lie is no part of it. */
function fileName(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '')
}

function groupsOfSpec(document: Readonly<Record<string, unknown>>): readonly unknown[] {
  const wrapped = z.object({ spec: z.object({ groups: z.array(z.unknown()) }) }).safeParse(document)
  return wrapped.success ? wrapped.data.spec.groups : []
}

function convertGroup(value: unknown, place: string, options: PrometheusOptions, key: (text: string) => string): Converted {
  const parsed = group.safeParse(value)
  if (!parsed.success) return { ...nothing, leftOut: [{ place, text: sentenceOf(parsed.error) }] }
  const { name, type, limit, rules } = parsed.data
  if (type !== undefined && type !== 'prometheus') {
    return { ...nothing, leftOut: [{ place: `${place} ${name}`, text: `rules of type ${type} are no PromQL` }] }
  }
  const notes =
    typeof limit === 'number' && limit > 0
      ? [{ place: `${place} ${name}`, text: 'limit: left away, groups are not bounded by a rule' }]
      : []
  const converted = (rules ?? []).map((one, index) => convertRule(one, `${place}.rules[${index}]`, parsed.data, options, key))
  return joined([{ ...nothing, notes }, ...converted])
}

function convertRule(value: unknown, at: string, of: Group, options: PrometheusOptions, key: (text: string) => string): Converted {
  const parsed = rule.safeParse(value)
  if (!parsed.success) return { ...nothing, leftOut: [{ place: at, text: sentenceOf(parsed.error) }] }
  const { alert, record } = parsed.data
  if (alert === undefined) {
    return { ...nothing, leftOut: [{ place: `${at} ${record ?? ''}`.trim(), text: 'recording rule: it stays with Prometheus' }] }
  }
  const place = `${at} ${alert}`
  const { body, notes } = monitorOf(alert, parsed.data, of, options)
  const checked = parseDefinition(body)
  if (!checked.ok) return { ...nothing, leftOut: [{ place, text: checked.errors.join('; ') }] }
  const monitor = { key: key(`${options.prefix}${slugOf(of.name, slugCharsMax)}/${slugOf(alert, slugCharsMax)}`), place, body }
  return { ...nothing, monitors: [monitor], notes: notes.map((text) => ({ place, text })) }
}

type Made = Readonly<{ body: Body; notes: readonly string[] }>

function monitorOf(name: string, of: Rule, inGroup: Group, options: PrometheusOptions): Made {
  const labels = { ...inGroup.labels, ...of.labels }
  const { tags, notes: tagNotes } = tagsOf(labels)
  const { message, notes } = messageOf(of.annotations, options.notify)
  const priority = priorities[labels.severity?.toLowerCase() ?? '']
  return {
    body: {
      type: 'promql alert',
      name,
      query: of.expr.trim(),
      message,
      tags: [...tags, ...options.tags],
      ...(priority === undefined ? {} : { priority }),
      options: {
        interval: Math.max(1, Math.round(inGroup.interval ?? options.intervalS)),
        ...secondsOf('hold', of.for),
        ...secondsOf('keep_firing', of.keep_firing_for),
        ...secondsOf('evaluation_delay', inGroup.query_offset),
        // As Prometheus: a series that is gone doesn't fire, and a new one isn't waited for.
        on_missing_data: 'resolve',
        new_group_delay: 0,
        ...(options.datasource === null ? {} : { datasource: options.datasource }),
      },
    },
    notes: [...tagNotes, ...notes],
  }
}

/** What most rule files mean by their severities. */
const priorities: Readonly<Record<string, number>> = {
  page: 1,
  critical: 1,
  error: 2,
  major: 2,
  high: 2,
  warning: 3,
  medium: 3,
  minor: 4,
  low: 4,
  info: 5,
}

function secondsOf(name: string, seconds: number | null | undefined): Body {
  return seconds === null || seconds === undefined || seconds === 0 ? {} : { [name]: Math.ceil(seconds) }
}

function tagsOf(labels: Readonly<Record<string, string>>): Readonly<{ tags: string[]; notes: string[] }> {
  const entries = Object.entries(labels).filter(([, value]) => value !== '')
  const templated = entries.filter(([, value]) => value.includes('{{'))
  return {
    tags: entries.filter(([, value]) => !value.includes('{{')).map(([label, value]) => `${label}:${value}`),
    notes: templated.map(([label, value]) => `labels.${label}: a template can’t be a tag, left away: ${value}`),
  }
}

/** Summary and description first, in their own paragraphs; the others by name. */
function messageOf(annotations: Readonly<Record<string, string>>, notify: string): Readonly<{ message: string; notes: string[] }> {
  const notes: string[] = []
  const translated = (name: string): string => {
    const { text, exactness, because } = translateTemplate(annotations[name] ?? '')
    if (exactness === 'kept') notes.push(`annotations.${name}: kept as text, ${because.join(', ')}`)
    if (exactness === 'near') notes.push(`annotations.${name}: ${because.join(', ')}`)
    return text.trim()
  }
  const first = ['summary', 'description', 'message'].filter((name) => name in annotations)
  const others = Object.keys(annotations).filter((name) => !first.includes(name))
  const paragraphs = [...new Set(first.map(translated))]
  const lines = others.map((name) => `${name}: ${translated(name)}`)
  return { message: [...paragraphs, lines.join('\n'), notify].filter((text) => text !== '').join('\n\n'), notes }
}

function sentenceOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
}

/** Recording rules are left out by nature: no rule that alerts is lost by it. */
export function isRecording({ text }: Remark): boolean {
  return text.startsWith('recording rule:')
}
