/** The language of what the engine tries itself (`http alert`): text → node and back. Read next: probe.peggy. */
import { assertNever } from '../assert.ts'
import { comparedOf, type LanguageResult, type Report, readLanguage } from './language.ts'
import type { HttpSetting, MeasureSyntax, ProbeSyntax, TargetSyntax } from './language-syntax.ts'
import type { Assertion, HttpTarget, ProbeMeasure, ProbeQuery, ProbeTarget } from './our-nodes.ts'
import * as grammar from './probe.generated.js'
import { quoted, textOf } from './quoted.ts'

/** Characters of a URL at most: what servers commonly take. */
const urlCharsMax = 2_048
/** Characters of a host name at most: DNS has no longer ones. */
const hostCharsMax = 253
/** Assertions at most: more than anybody reads in a message. */
const assertionsMax = 10
/** Headers at most, and their characters: servers refuse more than some kilobytes. */
const headersMax = 20
const headerCharsMax = 2_000
/** Characters of a request's body, and of a pattern that is looked for in an answer, at most. */
const payloadCharsMax = 10_000
const patternCharsMax = 1_000

export function parseProbe(text: string): LanguageResult<ProbeQuery> {
  return readLanguage(grammar, text, build)
}

function build({ target, assertions }: ProbeSyntax, report: Report): ProbeQuery {
  const checked = assertions.map(
    ({ measure, ...compared }): Assertion => ({ measure: measureOf(measure, report), ...comparedOf(compared, report) }),
  )
  const beyond = assertions[assertionsMax]
  if (beyond !== undefined) report(`at most ${assertionsMax} assertions`, beyond.threshold.offset)
  const [only, ...others] = checked
  return {
    kind: 'probe',
    target: targetOf(target, report),
    assertions: checked,
    comparator: only !== undefined && others.length === 0 ? only.comparator : '>',
    threshold: only !== undefined && others.length === 0 ? only.threshold : 0,
  }
}

function targetOf(target: TargetSyntax, report: Report): ProbeTarget {
  switch (target.kind) {
    case 'http':
      if (target.url.text.length > urlCharsMax) report(`a URL has at most ${urlCharsMax} characters`, target.url.offset)
      return { kind: 'http', url: target.url.text, ...settingsOf(target.settings, report) }
    case 'tls':
    case 'tcp':
      if (target.host.text.length > hostCharsMax) report(`a host name has at most ${hostCharsMax} characters`, target.host.offset)
      return { kind: target.kind, host: target.host.text, port: target.port }
    case 'dns':
      if (target.name.text.length > hostCharsMax) report(`a host name has at most ${hostCharsMax} characters`, target.name.offset)
      return { kind: 'dns', name: target.name.text, record: target.record }
    default:
      return assertNever(target)
  }
}

function settingsOf(settings: readonly HttpSetting[], report: Report): Omit<HttpTarget, 'kind' | 'url'> {
  const headers: [string, string][] = []
  let method: HttpTarget['method'] | null = null
  let payload: string | null = null
  for (const setting of settings) {
    switch (setting.name) {
      case 'method':
        if (method !== null) report('.method() stands twice', setting.offset)
        method = setting.value
        break
      case 'header':
        headers.push(headerOf(setting, headers, report))
        break
      case 'payload':
        if (payload !== null) report('.payload() stands twice', setting.offset)
        payload = textOf(setting.value)
        if (payload.length > payloadCharsMax) report(`a payload has at most ${payloadCharsMax} characters`, setting.offset)
        break
      default:
        return assertNever(setting)
    }
  }
  const payloadAt = settings.find(({ name }) => name === 'payload')?.offset
  if (payloadAt !== undefined && method !== 'POST') report('.payload() needs .method("POST")', payloadAt)
  return { method: method ?? 'GET', headers: Object.fromEntries(headers), payload }
}

function headerOf(
  { key, value, offset }: Extract<HttpSetting, Readonly<{ name: 'header' }>>,
  before: readonly (readonly [string, string])[],
  report: Report,
): [string, string] {
  const name = textOf(key).toLowerCase()
  const text = textOf(value)
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) report('this is no name of a header', key.offset)
  // A line break would begin a header of its own.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) report('a header is one line of plain characters', value.offset)
  if (name.length + text.length > headerCharsMax) report(`a header has at most ${headerCharsMax} characters`, offset)
  if (before.some(([other]) => other === name)) report(`the header ${name} stands twice`, offset)
  if (before.length >= headersMax) report(`at most ${headersMax} headers`, offset)
  return [name, text]
}

function measureOf(measure: MeasureSyntax, report: Report): ProbeMeasure {
  switch (measure.kind) {
    case 'body': {
      const pattern = textOf(measure.pattern)
      if (pattern.length > patternCharsMax) report(`a pattern has at most ${patternCharsMax} characters`, measure.pattern.offset)
      if (!isRegExp(pattern)) report('this is no regular expression', measure.pattern.offset)
      return { kind: 'body', pattern }
    }
    case 'answers':
      return { kind: 'answers', value: measure.value === null ? null : textOf(measure.value) }
    default:
      return measure
  }
}

function isRegExp(pattern: string): boolean {
  try {
    return pattern !== '' && new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}

export function printProbe({ target, assertions }: ProbeQuery): string {
  return `${printTarget(target)}${assertions.map(printAssertion).join(' || ')}`
}

function printTarget(target: ProbeTarget): string {
  switch (target.kind) {
    case 'http': {
      const headers = Object.entries(target.headers).map(([name, value]) => `.header(${quoted(name)}, ${quoted(value)})`)
      const payload = target.payload === null ? '' : `.payload(${quoted(target.payload)})`
      return `http("${target.url}")${target.method === 'GET' ? '' : `.method("${target.method}")`}${headers.join('')}${payload}`
    }
    case 'tls':
    case 'tcp':
      return `${target.kind}("${target.host}:${target.port}")`
    case 'dns':
      return `dns("${target.name}", "${target.record}")`
    default:
      return assertNever(target)
  }
}

function printAssertion({ measure, comparator, threshold }: Assertion): string {
  return `.${measure.kind}(${argumentOf(measure)}) ${comparator} ${threshold}`
}

function argumentOf(measure: ProbeMeasure): string {
  switch (measure.kind) {
    case 'body':
      return quoted(measure.pattern)
    case 'answers':
      return measure.value === null ? '' : quoted(measure.value)
    default:
      return ''
  }
}
