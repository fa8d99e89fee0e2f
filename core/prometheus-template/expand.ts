/**
 * The templates of Prometheus' rules: Go's language with Prometheus' functions, `$labels`, `$value`, `$externalLabels`, `$externalURL`.
 * Pure: what `query` answers is handed in, and what isn't there yet is asked for by the answer. Bounded in steps, output and queries.
 * Read next: parse.ts, evaluate.ts, functions.ts; rule.ts, which renders a whole rule.
 */
import { evaluateTemplate } from './evaluate.ts'
import type { Template } from './nodes.ts'
import { parseGoTemplate } from './parse.ts'
import { float, type Sample, strings, struct, TemplateError, text, type Value } from './values.ts'

/** What a source answered to one of a template's queries. */
export type QueryAnswer = Readonly<{ samples: readonly Sample[] } | { failure: string }>

export type TemplateData = Readonly<{
  labels: Readonly<Record<string, string>>
  value: number
  externalLabels: Readonly<Record<string, string>>
  externalUrl: string
  /** By the text of the query. */
  answers: ReadonlyMap<string, QueryAnswer>
}>

/** `asks`: a query that has no answer yet; with it, it is to be tried again. */
export type Expanded = Readonly<{ kind: 'text'; text: string } | { kind: 'asks'; query: string } | { kind: 'wrong'; error: string }>

/** For many data: the text is read once. What it answers never throws. */
export function templateOf(text: string): (data: TemplateData) => Expanded {
  if (!text.includes('{{')) return () => ({ kind: 'text', text })
  const read = readTemplate(text)
  return (data) => (read.ok ? expand(read.template, data) : { kind: 'wrong', error: read.error })
}

/** What is wrong with a template, whatever its values; null = it can be read. */
export function templateMistake(text: string): string | null {
  const read = readTemplate(text)
  return read.ok ? null : read.error
}

function readTemplate(text: string): Readonly<{ ok: true; template: Template } | { ok: false; error: string }> {
  try {
    return { ok: true, template: parseGoTemplate(text, variableNames) }
  } catch (error) {
    if (error instanceof TemplateError) return { ok: false, error: error.message }
    throw error
  }
}

function expand(template: Template, data: TemplateData): Expanded {
  const asked: string[] = []
  const query = (wanted: string): readonly Sample[] => {
    const answer = data.answers.get(wanted)
    if (answer === undefined) {
      asked.push(wanted)
      throw new TemplateError('the query was not asked')
    }
    if ('failure' in answer) throw new TemplateError(answer.failure)
    return answer.samples
  }
  try {
    const world = { data: dataOf(data), variables: variablesOf(data), externalUrl: data.externalUrl, query }
    return { kind: 'text', text: evaluateTemplate(template, world) }
  } catch (error) {
    const [first] = asked
    if (first !== undefined) return { kind: 'asks', query: first }
    if (error instanceof TemplateError) return { kind: 'wrong', error: error.message }
    throw error
  }
}

const variableNames = ['$labels', '$externalLabels', '$externalURL', '$value'] as const

function variablesOf(data: TemplateData): Readonly<Record<(typeof variableNames)[number], Value>> {
  return {
    $labels: strings(data.labels),
    $externalLabels: strings(data.externalLabels),
    $externalURL: text(data.externalUrl),
    $value: float(data.value),
  }
}

function dataOf({ labels, value, externalLabels, externalUrl }: TemplateData) {
  return struct('struct', {
    Labels: strings(labels),
    ExternalLabels: strings(externalLabels),
    ExternalURL: text(externalUrl),
    Value: float(value),
  })
}
