/**
 * From scopes to selectors of series. PromQL knows only conjunctions of matchers, so a scope becomes a list of them, which the query joins
 * by `or`. Read next: leaf.ts.
 */
import { SourceError } from '../../../activities/ports.ts'
import { assertNever } from '../../../core/assert.ts'
import type { Scope } from '../../../core/monitor/types.ts'
import type { NameRule } from './names.ts'

/** One label, and a regular expression for its value; the empty text stands for no such label. */
type Matcher = Readonly<{ label: string; negated: boolean; pattern: string }>

/** Each is a selector of its own; a query grows with them. */
const alternativesMax = 64

/** The texts between `{` and `}`, one per alternative. Throws a SourceError where there would be too many. */
export function selectorsOf(scope: Scope, names: NameRule): string[] {
  return alternatives(scope, false, names).map((matchers) => [...new Set(matchers.map(printMatcher))].join(','))
}

/** Disjunctive normal form. */
function alternatives(scope: Scope, negated: boolean, names: NameRule): readonly (readonly Matcher[])[] {
  switch (scope.kind) {
    case 'all':
      return negated ? [] : [[]]
    case 'tag':
      return [[matcherOf(scope.key, scope.value, negated, names)]]
    case 'not':
      return alternatives(scope.of, !negated, names)
    case 'and':
    case 'or': {
      const parts = scope.of.map((part) => alternatives(part, negated, names))
      const isAnd = (scope.kind === 'and') !== negated
      const joined = isAnd ? product(parts) : parts.flat()
      return isAnd ? joined : mergedValues(joined)
    }
    default:
      return assertNever(scope)
  }
}

function product(parts: readonly (readonly (readonly Matcher[])[])[]): readonly (readonly Matcher[])[] {
  return parts.reduce<readonly (readonly Matcher[])[]>(
    (all, part) => {
      const next = all.flatMap((one) => part.map((other) => [...one, ...other]))
      if (next.length > alternativesMax) throw tooMany()
      return next
    },
    [[]],
  )
}

/** `k:a OR k:b` is one matcher. */
function mergedValues(all: readonly (readonly Matcher[])[]): readonly (readonly Matcher[])[] {
  const values = new Map<string, string[]>()
  const others: (readonly Matcher[])[] = []
  for (const one of all) {
    const [first, second] = one
    if (first === undefined || second !== undefined || first.negated) others.push(one)
    else values.set(first.label, [...(values.get(first.label) ?? []), first.pattern])
  }
  const merged = [...values].map(([label, patterns]) => [{ label, negated: false, pattern: [...new Set(patterns)].join('|') }])
  if (merged.length + others.length > alternativesMax) throw tooMany()
  return [...merged, ...others]
}

function matcherOf(key: string, value: string | null, negated: boolean, names: NameRule): Matcher {
  if (key.includes('*')) throw new SourceError('bad-query', `${key}: Prometheus can’t look for labels by a part of their name`)
  const label = names.label(key)
  if (value === null || value === '*') return { label, negated, pattern: '.+' }
  // Queries are in lower case, labels need not be.
  const text = value.split('*').map(escapePattern).join('.*')
  return { label, negated, pattern: /\p{Ll}/u.test(value) ? `(?i:${text})` : text }
}

function printMatcher({ label, negated, pattern }: Matcher): string {
  return `${label}${negated ? '!~' : '=~'}${JSON.stringify(pattern)}`
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
}

const tooMany = (): SourceError =>
  new SourceError('bad-query', `the filter makes more than ${alternativesMax} selectors: write fewer alternatives`)
