/**
 * Prometheus' rule files as monitors: each alerting rule a `promql alert` under a key made of its file, group and name, with `for` as hold
 * and `keep_firing_for` as keep_firing. Its labels and annotations stay as they are (`options.prometheus`), and the message names them. Pure.
 * Read next: contract/prometheus-rule.ts, docs/how-to/from-prometheus.md.
 */
import { z } from 'zod'
import { parseDefinition } from '../../contract/parse.ts'
import { templateMistake } from '../../core/prometheus-template/expand.ts'
import type { Body } from '../apply/desired.ts'
import { type Converted, joined, nothing, type Remark, slugOf } from './converted.ts'
import { duration } from './duration.ts'

/** `notify`: handles at the end of each message. `intervalS`: of groups that say none; Prometheus' own default is a minute. */
export type PrometheusOptions = Readonly<{
  prefix: string
  datasource: string | null
  notify: string
  tags: readonly string[]
  intervalS: number
  /** As `global.external_labels` and `--web.external-url` of the Prometheus that had the rules. */
  externalLabels: Readonly<Record<string, string>>
  externalUrl: string | null
}>

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
  z.looseObject({ spec: z.looseObject({ groups: z.array(z.unknown()) }) }).transform(({ spec }) => spec),
])

/** `key`: makes keys distinct, over all files that are read together. */
export function convertRules(document: unknown, file: string, options: PrometheusOptions, key: (text: string) => string): Converted {
  const parsed = ruleFile.safeParse(document)
  if (!parsed.success) return { ...nothing, leftOut: [{ place: file, text: 'this is no file of rules: `groups` is missing' }] }
  const inFile = { ...options, prefix: `${options.prefix}${slugOf(fileName(file), slugCharsMax)}/` }
  return joined(
    parsed.data.groups.map((one, index) => convertGroup(one, `${file}: groups[${index}]`, file.replace(/^.*[\\/]/, ''), inFile, key)),
  )
}

/** Where a rule stands. */
type Position = Readonly<{ file: string; order: number; size: number }>

/** Three of them and a prefix make a key. */
const slugCharsMax = 55

/** Groups of one name in two files are two groups, as in Prometheus; where the files lie is no part of it. */
function fileName(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '')
}

function convertGroup(value: unknown, place: string, file: string, options: PrometheusOptions, key: (text: string) => string): Converted {
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
  const size = rules?.length ?? 0
  const converted = (rules ?? []).map((one, order) =>
    convertRule(one, `${place}.rules[${order}]`, { of: parsed.data, at: { file, order, size } }, options, key),
  )
  return joined([{ ...nothing, notes }, ...converted])
}

type Standing = Readonly<{ of: Group; at: Position }>

function convertRule(
  value: unknown,
  where: string,
  standing: Standing,
  options: PrometheusOptions,
  key: (text: string) => string,
): Converted {
  const parsed = rule.safeParse(value)
  if (!parsed.success) return { ...nothing, leftOut: [{ place: where, text: sentenceOf(parsed.error) }] }
  const { alert, record } = parsed.data
  if (alert === undefined) {
    return { ...nothing, leftOut: [{ place: `${where} ${record ?? ''}`.trim(), text: 'recording rule: it stays with Prometheus' }] }
  }
  const place = `${where} ${alert}`
  const { body, notes } = monitorOf(alert, parsed.data, standing, options)
  const checked = parseDefinition(body)
  if (!checked.ok) return { ...nothing, leftOut: [{ place, text: checked.errors.join('; ') }] }
  const monitor = { key: key(`${options.prefix}${slugOf(standing.of.name, slugCharsMax)}/${slugOf(alert, slugCharsMax)}`), place, body }
  return { ...nothing, monitors: [monitor], notes: notes.map((text) => ({ place, text })) }
}

type Made = Readonly<{ body: Body; notes: readonly string[] }>

function monitorOf(name: string, of: Rule, { of: inGroup, at }: Standing, options: PrometheusOptions): Made {
  const labels = readable('labels', { ...inGroup.labels, ...of.labels })
  const annotations = readable('annotations', of.annotations)
  const priority = priorities[labels.templates.severity?.toLowerCase() ?? '']
  return {
    body: {
      type: 'promql alert',
      name,
      query: of.expr.trim(),
      message: messageOf(Object.keys(annotations.templates), options.notify),
      // Routes and rules that go by the name find it.
      tags: [`alertname:${name}`, ...tagsOf(labels.templates), ...options.tags],
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
        prometheus: {
          ...at,
          group: inGroup.name,
          labels: labels.templates,
          annotations: annotations.templates,
          ...(Object.keys(options.externalLabels).length === 0 ? {} : { external_labels: options.externalLabels }),
          ...(options.externalUrl === null ? {} : { external_url: options.externalUrl }),
        },
      },
    },
    notes: [...labels.notes, ...annotations.notes],
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

type Templates = Readonly<Record<string, string>>

/** What is no template of Prometheus stays as text: braces as they stand. */
function readable(what: string, texts: Templates): Readonly<{ templates: Templates; notes: readonly string[] }> {
  const notes: string[] = []
  const entries = Object.entries(texts).map(([name, template]) => {
    const mistake = templateMistake(template)
    if (mistake === null) return [name, template] as const
    notes.push(`${what}.${name}: kept as text, ${mistake}`)
    return [name, template.replaceAll('{{', '{{"{{"}}')] as const
  })
  return { templates: Object.fromEntries(entries), notes }
}

/** A label that is rendered anew each time can't be a tag; alerts have it all the same. */
function tagsOf(labels: Templates): string[] {
  return Object.entries(labels).flatMap(([label, value]) => (value === '' || value.includes('{{') ? [] : [`${label}:${value}`]))
}

/** Summary and description first, in their own paragraphs; the others by name. */
function messageOf(annotations: readonly string[], notify: string): string {
  const first = ['summary', 'description', 'message'].filter((name) => annotations.includes(name))
  const others = annotations.filter((name) => !first.includes(name))
  const paragraphs = first.map((name) => `{{annotation.${name}}}`)
  const lines = others.map((name) => `${name}: {{annotation.${name}}}`)
  return [...paragraphs, lines.join('\n'), notify].filter((text) => text !== '').join('\n\n')
}

function sentenceOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
}

/** Recording rules are left out by nature: no rule that alerts is lost by it. */
export function isRecording({ text }: Remark): boolean {
  return text.startsWith('recording rule:')
}
