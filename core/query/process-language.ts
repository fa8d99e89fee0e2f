/** The language of processes: text → node and back. Read next: process.peggy. */
import { callsByName, eventSpans, keysOf, scopeOf, spanMs } from './calls.ts'
import { comparedOf, type LanguageResult, type Report, readLanguage } from './language.ts'
import type { ProcessSyntax } from './language-syntax.ts'
import { printScopeCalls, quotedKeys } from './print-calls.ts'
import * as grammar from './process.generated.js'
import type { ProcessQuery } from './process-nodes.ts'
import { quoted, textOf } from './quoted.ts'
import { printSearch } from './search.ts'
import { searchIn } from './search-in.ts'

export function parseProcess(text: string): LanguageResult<ProcessQuery> {
  return readLanguage(grammar, text, build)
}

function build({ search, calls, ...compared }: ProcessSyntax, report: Report): ProcessQuery {
  const call = callsByName(calls, report)
  const last = call('last')
  if (last === null) report('the window is missing, as in .last("5m")', search.offset)
  const rollup = call('rollup')
  if (rollup !== null && textOf(rollup.method) !== 'count') report('processes are counted: .rollup("count")', rollup.method.offset)
  return {
    kind: 'process',
    search: searchIn(search, report, 'plain'),
    filter: scopeOf(call('over')?.values ?? [], call('exclude')?.values ?? [], report),
    by: keysOf(call('by')?.values ?? [], report),
    windowMs: last === null ? 0 : spanMs(last.span, eventSpans, report),
    windowText: last?.span.text ?? '',
    ...comparedOf(compared, report),
  }
}

export function printProcess({ search, filter, by, windowText, comparator, threshold }: ProcessQuery): string {
  const calls = `${printScopeCalls(filter)}${quotedKeys(by)}.rollup("count").last("${windowText}")`
  return `processes(${quoted(printSearch(search))})${calls} ${comparator} ${threshold}`
}
