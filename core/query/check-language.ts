/** The language of service checks: text → node and back. Read next: check.peggy. */
import { nameCharsMax } from './bounds.ts'
import { callsByName, keysOf, scopeOf } from './calls.ts'
import * as grammar from './check.generated.js'
import type { CheckQuery } from './check-nodes.ts'
import { type LanguageResult, type Report, readLanguage } from './language.ts'
import type { CheckSyntax, Quoted } from './language-syntax.ts'
import { printScopeCalls, quotedKeys } from './print-calls.ts'
import { quoted, textOf } from './quoted.ts'

/** Results of a group that are looked at, at most: a source reads so many rows per group. */
export const lastResultsMax = 100

export function parseCheck(text: string): LanguageResult<CheckQuery> {
  return readLanguage(grammar, text, build)
}

function build({ check, parts, measure }: CheckSyntax, report: Report): CheckQuery {
  const call = callsByName(parts, report)
  const name = textOf(check)
  if (name === '' || name.length > nameCharsMax) report(`a check's name has 1 to ${nameCharsMax} characters`, check.offset)
  const by = keysBy(call('by')?.values ?? [], report)
  const last = call('last')
  const count = last?.count.value ?? 1
  if (last === null && measure === 'count') report('how many results are looked at is missing, as in .last(4)', check.offset)
  if (count < 1 || count > lastResultsMax) report(`.last() takes 1 to ${lastResultsMax}`, last?.count.offset ?? 0)
  return {
    kind: 'check',
    check: name,
    filter: scopeOf(call('over')?.values ?? [], call('exclude')?.values ?? [], report),
    by,
    last: count,
    measure,
  }
}

function keysBy(values: readonly Quoted[], report: Report): CheckQuery['by'] {
  const [only, ...others] = values
  return only !== undefined && others.length === 0 && textOf(only).trim() === '*' ? '*' : keysOf(values, report)
}

export function printCheck({ check, filter, by, last, measure }: CheckQuery): string {
  const keys = by === '*' ? ['*'] : by
  return `${quoted(check)}${printScopeCalls(filter)}${quotedKeys(keys)}.last(${last}).${measure === 'count' ? 'count' : 'pct'}_by_status()`
}
