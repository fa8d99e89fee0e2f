/**
 * Whether a group is in a scope. Asked for each group and downtime of a slot, so it compiles nothing and makes little.
 * Never throws: a scope's depth is bounded where it is parsed. Read next: core/query/scope.ts, the language.
 */
import { assertNever } from '../assert.ts'
import { readsLike } from '../stars.ts'
import type { Scope } from './types.ts'

type Tags = Readonly<Record<string, string>>

/** Upper and lower case are the same. A group without the key has no value of it. */
export function inScope(scope: Scope, tags: Tags): boolean {
  return scopeHolds(scope, (key, pattern) => hasTag(key, pattern, tags))
}

/** The same over whatever has tags; `pattern` null = any value of the key. */
export function scopeHolds(scope: Scope, has: (key: string, pattern: string | null) => boolean): boolean {
  switch (scope.kind) {
    case 'all':
      return true
    case 'tag':
      return has(scope.key, scope.value)
    case 'and':
      return scope.of.every((part) => scopeHolds(part, has))
    case 'or':
      return scope.of.some((part) => scopeHolds(part, has))
    case 'not':
      return !scopeHolds(scope.of, has)
    default:
      return assertNever(scope)
  }
}

function hasTag(key: string, pattern: string | null, tags: Tags): boolean {
  const value = valueUnder(key, tags)
  if (value === undefined || pattern === null) return value !== undefined
  if (value === pattern) return true
  const lower = value.toLowerCase()
  const patternLower = pattern.toLowerCase()
  return patternLower.includes('*') ? readsLike(patternLower, lower) : patternLower === lower
}

function valueUnder(key: string, tags: Tags): string | undefined {
  if (Object.hasOwn(tags, key)) return tags[key]
  const lower = key.toLowerCase()
  const name = Object.keys(tags).find((candidate) => candidate.toLowerCase() === lower)
  return name === undefined ? undefined : tags[name]
}
