/**
 * Whether a group is in a scope. Asked for each group and downtime of a slot, so it compiles nothing and makes little.
 * Never throws: a scope's depth is bounded where it is parsed. Read next: core/query/scope.ts, the language.
 */
import { assertNever } from '../assert.ts'
import type { Scope } from './types.ts'

type Tags = Readonly<Record<string, string>>

/** Upper and lower case are the same. A group without the key has no value of it. */
export function inScope(scope: Scope, tags: Tags): boolean {
  switch (scope.kind) {
    case 'all':
      return true
    case 'tag':
      return hasTag(scope.key, scope.value, tags)
    case 'and':
      return scope.of.every((part) => inScope(part, tags))
    case 'or':
      return scope.of.some((part) => inScope(part, tags))
    case 'not':
      return !inScope(scope.of, tags)
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
  return patternLower.includes('*') ? matches(patternLower, lower) : patternLower === lower
}

function valueUnder(key: string, tags: Tags): string | undefined {
  if (Object.hasOwn(tags, key)) return tags[key]
  const lower = key.toLowerCase()
  const name = Object.keys(tags).find((candidate) => candidate.toLowerCase() === lower)
  return name === undefined ? undefined : tags[name]
}

/** `*` stands for any text. Goes back to the last star only, so its time is at most the product of both lengths. */
function matches(pattern: string, text: string): boolean {
  let at = 0
  let next = 0
  let star = -1
  let resumeAt = 0
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next
      next += 1
      resumeAt = at
    } else if (pattern[next] === text[at]) {
      next += 1
      at += 1
    } else if (star >= 0) {
      next = star + 1
      resumeAt += 1
      at = resumeAt
    } else return false
  }
  while (pattern[next] === '*') next += 1
  return next === pattern.length
}
