/** Chains of calls as text. Read next: calls.ts, which reads them. */
import type { Scope } from '../monitor/types.ts'
import { quoted } from './quoted.ts'

/** `.over("env:prod").exclude("host:web-1")`: a scope that calls.ts read. */
export function printScopeCalls(filter: Scope): string {
  const terms = filter.kind === 'and' ? filter.of : [filter]
  const over = terms.flatMap((term) => (term.kind === 'tag' ? [quoted(printTag(term))] : []))
  const exclude = terms.flatMap((term) => (term.kind === 'not' && term.of.kind === 'tag' ? [quoted(printTag(term.of))] : []))
  return `.over(${over.length === 0 ? '"*"' : over.join(',')})${exclude.length === 0 ? '' : `.exclude(${exclude.join(',')})`}`
}

/** `.by("host","env")`; nothing where there are no keys. */
export function quotedKeys(keys: readonly string[]): string {
  return keys.length === 0 ? '' : `.by(${keys.map(quoted).join(',')})`
}

function printTag({ key, value }: Extract<Scope, Readonly<{ kind: 'tag' }>>): string {
  return `${key}:${value ?? '*'}`
}
