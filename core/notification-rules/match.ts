/**
 * Whom rules add to a notification: every rule whose filter holds counts, and a receiver is told once, however many name it.
 * Total, and asked for each transition that is told: it reads no text again. Read next: rule.ts, transition-types.ts.
 */
import { parseGroupKey } from '../monitor/group.ts'
import { scopeHolds } from '../monitor/scope.ts'
import type { Transition } from '../monitor/types.ts'
import { readsLike } from '../stars.ts'
import { keyAndValue, type PreparedRule } from './rule.ts'
import { prioritiesOf, priorityKey, transitionTypeKey, transitionTypesOf } from './transition-types.ts'

/** Of what is told: the monitor's tags, and the priority of this message. */
export type RuleSubject = Readonly<{ tags: readonly string[]; priority: number | null }>
export type RuleTransition = Pick<Transition, 'group' | 'from' | 'to' | 'reason'>

/** What one rule gives for one transition; `recipients` isn't empty. */
export type RuleShare = Readonly<{ rule: Readonly<Pick<PreparedRule, 'id' | 'name' | 'bundleS'>>; recipients: readonly string[] }>

/** Those that the message names, and those of every rule that matches, each once. */
export function withRuleRecipients(
  handles: readonly string[],
  rules: readonly PreparedRule[],
  subject: RuleSubject,
  transition: RuleTransition,
): string[] {
  return [...new Set([...handles, ...ruleShares(rules, subject, transition).flatMap(({ recipients }) => recipients)])]
}

/** In the order of the rules. */
export function ruleShares(rules: readonly PreparedRule[], subject: RuleSubject, transition: RuleTransition): RuleShare[] {
  if (rules.length === 0) return []
  const tags = tagsOf(subject, transition)
  const has = (key: string, pattern: string | null): boolean => hasTag(tags, key, pattern)
  return rules.flatMap(({ id, name, filter, branches, otherwise, bundleS }) => {
    if (!scopeHolds(filter, has)) return []
    const holding = branches.filter(({ scope }) => scopeHolds(scope, has))
    const recipients = holding.length === 0 ? otherwise : [...new Set(holding.flatMap(({ recipients: named }) => named))]
    return recipients.length === 0 ? [] : [{ rule: { id, name, bundleS }, recipients }]
  })
}

type Tags = ReadonlyMap<string, readonly string[]>

/** Of the monitor and of its group (or bundle) together, in lower case: a key may have several values, and each counts. */
function tagsOf({ tags, priority }: RuleSubject, transition: RuleTransition): Tags {
  const found = new Map<string, readonly string[]>()
  const add = (key: string, values: readonly string[]): void => {
    if (values.length > 0) found.set(key, [...(found.get(key) ?? []), ...values])
  }
  for (const tag of tags) {
    const { key, value } = keyAndValue(tag)
    add(key, [value])
  }
  for (const [key, value] of Object.entries(parseGroupKey(transition.group))) add(key.toLowerCase(), [value.toLowerCase()])
  add(transitionTypeKey, transitionTypesOf(transition))
  add(priorityKey, prioritiesOf(priority))
  return found
}

function hasTag(tags: Tags, key: string, pattern: string | null): boolean {
  const values = tags.get(key)
  if (values === undefined || pattern === null) return values !== undefined
  if (!pattern.includes('*')) return values.includes(pattern)
  return values.some((value) => readsLike(pattern, value))
}
