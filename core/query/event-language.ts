/**
 * The language of logs and of all that is searched like them: text → node and back. Formulas over such searches are another
 * language (formula-nodes.ts). Read next: event.peggy, search.ts.
 */
import { callsByName, eventSpans, keysOf, listOf, spanMs } from './calls.ts'
import * as grammar from './event.generated.js'
import type { EventMethod, EventQuery } from './event-nodes.ts'
import { eventSourceNamed, eventSourcesOf } from './event-sources.ts'
import { comparedOf, type LanguageResult, type Report, readLanguage } from './language.ts'
import type { EventCall, EventSyntax } from './language-syntax.ts'
import { quotedKeys } from './print-calls.ts'
import { quoted, textOf } from './quoted.ts'
import { printSearch } from './search.ts'
import { searchIn } from './search-in.ts'

/** `type` is one that eventSourcesOf() knows. */
export function parseEvent(type: string, text: string): LanguageResult<EventQuery> {
  return readLanguage(grammar, text, (syntax, report) => build(type, syntax, report))
}

function build(type: string, { source, search, calls, ...compared }: EventSyntax, report: Report): EventQuery {
  const sources = eventSourcesOf(type) ?? []
  const searched = eventSourceNamed(source.text, sources)
  if (searched === null) report(wrongSource(type, sources), source.offset)
  const call = callsByName(calls, report)
  const last = call('last')
  if (last === null) report('the window is missing, as in .last("5m")', source.offset)
  return {
    kind: 'event',
    source: searched ?? 'logs',
    search: searchIn(search, report, type === 'event alert' ? 'lists' : 'plain'),
    indexes: (call('index')?.values ?? []).flatMap(listOf).filter((name) => name !== '*'),
    ...rollupOf(call('rollup'), source.offset, report),
    by: keysOf(call('by')?.values ?? [], report),
    windowMs: last === null ? 0 : spanMs(last.span, eventSpans, report),
    windowText: last?.span.text ?? '',
    issues: issuesOf(calls, searched?.startsWith('error-tracking') ?? true, report),
    ...comparedOf(compared, report),
  }
}

function wrongSource(type: string, sources: readonly string[]): string {
  if (sources.length === 0) return `queries of the type ${type} are formulas: formula("…").last("…") > …`
  return `queries of the type ${type} begin with ${sources.map((name) => `${name}("…")`).join(' or ')}`
}

type Rollup = Extract<EventCall, Readonly<{ name: 'rollup' }>> | null

function rollupOf(rollup: Rollup, otherwiseAt: number, report: Report): Pick<EventQuery, 'method' | 'measure'> {
  if (rollup === null) {
    report('how events become a value is missing, as in .rollup("count")', otherwiseAt)
    return { method: 'count', measure: null }
  }
  const name = textOf(rollup.method)
  const method = methodOf(name)
  const measure = rollup.measure === null ? null : textOf(rollup.measure).trim()
  if (method === null) {
    report(
      `.rollup() takes count, cardinality, avg, sum, min, max, median or a percentile such as pc95, not ${JSON.stringify(name)}`,
      rollup.method.offset,
    )
  } else if (measure === '') report('the measure is missing, as in "@duration"', rollup.measure?.offset ?? rollup.offset)
  else if (measure === null && method !== 'count') {
    report(
      `.rollup(${JSON.stringify(name)}) needs what it is about, as in .rollup(${JSON.stringify(name)}, "@duration")`,
      rollup.method.offset,
    )
  }
  return { method: method ?? 'count', measure: measure === '*' ? null : measure }
}

/** `count`, `avg`, `median`, `pc95` …; null where it is none of them. */
export function methodOf(name: string): EventMethod | null {
  switch (name) {
    case 'count':
    case 'cardinality':
    case 'avg':
    case 'sum':
    case 'min':
    case 'max':
      return name
    case 'median':
      return { percentile: 50 }
    default: {
      const [, digits] = /^pc?(\d{1,2}(?:\.\d{1,3})?)$/.exec(name) ?? []
      const percentile = Number(digits)
      return digits !== undefined && percentile > 0 ? { percentile } : null
    }
  }
}

function issuesOf(calls: readonly EventCall[], allowed: boolean, report: Report): EventQuery['issues'] {
  const call = callsByName(calls, () => {})
  const source = call('source')
  const only = call('new') ?? call('impact')
  for (const named of [source, only]) {
    if (named !== null && !allowed) report(`.${named.name}() belongs to error tracking`, named.offset)
  }
  if (call('new') !== null && call('impact') !== null) report('.new() and .impact() can’t stand beside each other', only?.offset ?? 0)
  if (source === null && only === null) return null
  return { source: source === null ? null : textOf(source.value), only: only?.name ?? null }
}

export function printEvent(query: EventQuery): string {
  const { source, search, indexes, method, measure, by, windowText, issues, comparator, threshold } = query
  const calls = [
    issues === null || issues.source === null ? '' : `.source(${quoted(issues.source)})`,
    issues === null || issues.only === null ? '' : `.${issues.only}()`,
    indexes.length === 0 ? '' : `.index(${indexes.map(quoted).join(',')})`,
    `.rollup("${typeof method === 'string' ? method : `pc${method.percentile}`}"${measure === null ? '' : `, ${quoted(measure)}`})`,
    quotedKeys(by.length === 0 ? [] : [by.join(',')]),
    `.last("${windowText}")`,
  ]
  return `${source}(${quoted(printSearch(search))})${calls.join('')} ${comparator} ${threshold}`
}
