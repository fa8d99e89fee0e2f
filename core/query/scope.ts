/**
 * The language of scopes, which say by their tags what groups a downtime or a mute is about: text → Scope and back.
 * Never throws, whatever the text. Read next: scope.peggy, core/monitor/scope.ts.
 */
import { assertNever } from '../assert.ts'
import type { Scope } from '../monitor/types.ts'
import { errorAt, fromGrammar, type QueryError } from './error.ts'
import { nestingOffset } from './nesting.ts'
import { runParser } from './run-parser.ts'
import * as grammar from './scope.generated.js'

/** Characters of a scope at most: what one person writes; each tag in it is compared with each group. */
export const scopeTextMax = 2_000
/** Brackets within brackets at most: matching recurses, and nobody reads deeper ones. */
const nestingMax = 20

export type ScopeResult = Readonly<{ ok: true; scope: Scope } | { ok: false; error: QueryError }>

export function parseScope(text: string, charactersMax = scopeTextMax): ScopeResult {
  if (text.length > charactersMax) {
    return { ok: false, error: errorAt(text, charactersMax, `the scope is longer than ${charactersMax} characters`) }
  }
  const tooDeep = nestingOffset(text, nestingMax)
  if (tooDeep !== null) return { ok: false, error: errorAt(text, tooDeep, `more than ${nestingMax} brackets within each other`) }
  const parsed = runParser(grammar, text)
  return parsed.ok ? { ok: true, scope: parsed.syntax } : { ok: false, error: fromGrammar(text, parsed.error, 'scope') }
}

/** The one text of a scope: parsing it gives the same scope, or one that is in the same groups where `of` holds less than two. */
export function printScope(scope: Scope): string {
  switch (scope.kind) {
    case 'all':
      return '*'
    case 'tag':
      return `${printKey(scope.key)}:${scope.value === null ? '*' : printValue(scope.value)}`
    case 'not':
      // Twice NOT in a row would cancel each other where it is read.
      return `NOT ${scope.of.kind === 'not' ? `(${printScope(scope.of)})` : printInner(scope.of)}`
    case 'and':
      return scope.of.length === 0 ? '*' : scope.of.map(printInner).join(' AND ')
    case 'or':
      return scope.of.length === 0 ? 'NOT *' : scope.of.map(printInner).join(' OR ')
    default:
      return assertNever(scope)
  }
}

function printInner(scope: Scope): string {
  const several = scope.kind === 'and' || scope.kind === 'or'
  return several ? `(${printScope(scope)})` : printScope(scope)
}

const operator = /^(and|or|not|in)$/i

function printKey(key: string): string {
  return /^[^\s,:(){}"'*!-][^\s,:(){}"'*]*$/.test(key) && !operator.test(key) ? key : quoted(key)
}

function printValue(value: string): string {
  return /^[^\s,(){}"']+$/.test(value) ? value : quoted(value)
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
