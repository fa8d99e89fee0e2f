/** Matchers of Alertmanager as scopes. What a scope can't say is null: better left out than told otherwise. Pure. Read next: alertmanager-routes.ts. */
import type { Scope } from '../../core/monitor/types.ts'
import { type Body, isObject } from '../apply/desired.ts'

export type Matcher = Readonly<{ label: string; sign: string; value: string }>

/** Each as it was written, with the scope that it is. */
export type SaidMatcher = Readonly<{ text: string; scope: Scope | null }>

/** Of a route: `match`, `match_re` and `matchers`, all of which have to hold. */
export function matchersOf({ match, match_re: expressions, matchers }: Body): SaidMatcher[] {
  const older = (of: unknown, sign: string): Matcher[] =>
    Object.entries(isObject(of) ? of : {}).map(([label, value]) => ({ label, sign, value: String(value) }))
  const texts = Array.isArray(matchers) ? matchers.map(String) : typeof matchers === 'string' ? [matchers] : []
  return [
    ...[...older(match, '='), ...older(expressions, '=~')].map(said),
    ...texts.flatMap((text) => parseMatchers(text)?.map(said) ?? [{ text, scope: null }]),
  ]
}

export function matcherScope({ label, sign, value }: Matcher): Scope | null {
  const scope = sign.endsWith('~') ? expressionScope(label, value) : exactScope(label, value)
  if (scope === null || !sign.startsWith('!')) return scope
  return { kind: 'not', of: scope }
}

/** In one scope; `all` where nothing is asked. */
export function allOf(scopes: readonly Scope[]): Scope {
  const asked = scopes.flatMap((scope) => (scope.kind === 'all' ? [] : scope.kind === 'and' ? scope.of : [scope]))
  const [only] = asked
  if (only === undefined) return { kind: 'all' }
  return asked.length === 1 ? only : { kind: 'and', of: asked }
}

function said(matcher: Matcher): SaidMatcher {
  return { text: `${matcher.label}${matcher.sign}${JSON.stringify(matcher.value)}`, scope: matcherScope(matcher) }
}

const one = /\s*("(?:[^"\\]|\\.)*"|[a-zA-Z_][\w.]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^,"]*?)\s*(,|$)/y

/** `a="b"`, or several with commas, also in braces; null = it is none. */
function parseMatchers(text: string): Matcher[] | null {
  const inside = text.trim().replace(/^\{(.*)\}$/s, '$1')
  const found: Matcher[] = []
  for (let at = 0; at < inside.trimEnd().length; at = one.lastIndex) {
    one.lastIndex = at
    const [all, label = '', sign = '', value = ''] = one.exec(inside) ?? []
    if (all === undefined) return null
    found.push({ label: unquoted(label), sign, value: unquoted(value) })
  }
  return found
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text
  return text.slice(1, -1).replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))
}

/** A label that is empty isn't there. A star would mean more than itself. */
function exactScope(key: string, value: string): Scope | null {
  if (value === '') return { kind: 'not', of: { kind: 'tag', key, value: null } }
  return value.includes('*') ? null : { kind: 'tag', key, value }
}

/** Alternatives, each a text with `.*` or `.+` at its ends: all that most routes need. */
function expressionScope(key: string, expression: string): Scope | null {
  const bare = expression.replace(/^\^|\$$/g, '').replace(/^\((?:\?:)?([^()]*)\)$/, '$1')
  if (bare === '.*') return { kind: 'all' }
  const alternatives = bare.split('|').map((text) => alternativeScope(key, text))
  const known = alternatives.filter((scope) => scope !== null)
  if (known.length < alternatives.length) return null
  const [only] = known
  return known.length === 1 && only !== undefined ? only : { kind: 'or', of: known }
}

function alternativeScope(key: string, text: string): Scope | null {
  if (text === '.+' || text === '.*') return { kind: 'tag', key, value: null }
  const [, before = '', inside = '', after = ''] = /^(\.[*+])?(.*?)(\.[*+])?$/s.exec(text) ?? []
  // What stands for itself: no signs of expressions, but for those behind a backslash.
  if (!/^(?:[^\\.*+?()[\]{}^$|]|\\[^\w\s*])*$/.test(inside)) return null
  const literal = inside.replace(/\\(.)/g, '$1')
  if (before === '' && after === '') return exactScope(key, literal)
  return { kind: 'tag', key, value: `${before === '' ? '' : '*'}${literal}${after === '' ? '' : '*'}` }
}
