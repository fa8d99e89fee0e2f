/**
 * PromQL, taken apart into what is asked and what it is compared with. Whether it is PromQL is for its own parser to say
 * (contract/promql.ts). Read next: promql.peggy.
 */
import { comparedOf, type LanguageResult, readLanguage } from './language.ts'
import type { PromqlQuery } from './our-nodes.ts'
import * as grammar from './promql.generated.js'

export function parsePromql(text: string): LanguageResult<PromqlQuery> {
  return readLanguage(grammar, text, ({ of, comparison }, report) => {
    if (of.text.trim() === '') report('there is no expression before the comparison', of.offset)
    return { kind: 'promql', of: of.text.trim(), comparison: comparison === null ? null : comparedOf(comparison, report) }
  })
}

export function printPromql({ of, comparison }: PromqlQuery): string {
  return comparison === null ? of : `${of} ${comparison.comparator} ${comparison.threshold}`
}
