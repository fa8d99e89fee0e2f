/**
 * Notification rules: whom notifications go to beside those that a message names. As people write them, and as they are asked.
 * Never says whether anything is told: a rule only adds to whom. Read next: match.ts, transition-types.ts.
 */
import type { Scope } from '../monitor/types.ts'
import { parseScope } from '../query/scope.ts'

/** `tags` = all of them; `key:*` is met by any value of the key. */
export type RuleFilter = Readonly<{ kind: 'tags'; tags: readonly string[] } | { kind: 'scope'; scope: string }>

/** Handles without their @. `fallback` is for what meets no condition; null = nobody. */
export type RuleRecipients = Readonly<
  | { kind: 'always'; recipients: readonly string[] }
  | { kind: 'conditional'; conditions: readonly RuleCondition[]; fallback: readonly string[] | null }
>
export type RuleCondition = Readonly<{ scope: string; recipients: readonly string[] }>

export type NotificationRule = Readonly<{
  name: string
  filter: RuleFilter
  recipients: RuleRecipients
  /** What follows a first message is gathered for as long; null = each is sent at once. */
  bundleS: number | null
}>

/** A rule with its texts read, to be asked for each transition. */
export type PreparedRule = Readonly<{
  id: string
  name: string
  filter: Scope
  /** Each that holds gives its recipients. */
  branches: readonly Readonly<{ scope: Scope; recipients: readonly string[] }>[]
  /** Where none of them holds. */
  otherwise: readonly string[]
  bundleS: number | null
}>

/** Datadog's. Longer than a downtime's, and never compared with 20,000 groups in every slot. */
export const ruleScopeCharsMax = 3_000

/** Scopes are checked where they are written: one that can't be read is met by nothing. */
export function prepareRule(id: string, { name, filter, recipients, bundleS }: NotificationRule): PreparedRule {
  const prepared = { id, name, filter: filter.kind === 'tags' ? allTags(filter.tags) : read(filter.scope), bundleS }
  if (recipients.kind === 'always') {
    return { ...prepared, branches: [{ scope: { kind: 'all' }, recipients: recipients.recipients }], otherwise: [] }
  }
  const branches = recipients.conditions.map(({ scope, recipients: named }) => ({ scope: read(scope), recipients: named }))
  return { ...prepared, branches, otherwise: recipients.fallback ?? [] }
}

/** Every handle that a rule may give, each once. */
export function handlesOf({ recipients }: Pick<NotificationRule, 'recipients'>): readonly string[] {
  if (recipients.kind === 'always') return recipients.recipients
  return [...new Set([...recipients.conditions.flatMap(({ recipients: named }) => named), ...(recipients.fallback ?? [])])]
}

/** A tag as a key and its value in lower case; one without a colon is a key with an empty value. */
export function keyAndValue(tag: string): Readonly<{ key: string; value: string }> {
  const lower = tag.trim().toLowerCase()
  const colon = lower.indexOf(':')
  return colon === -1 ? { key: lower, value: '' } : { key: lower.slice(0, colon), value: lower.slice(colon + 1) }
}

function allTags(tags: readonly string[]): Scope {
  return {
    kind: 'and',
    of: tags.map((tag) => {
      const { key, value } = keyAndValue(tag)
      return { kind: 'tag', key, value: value === '*' ? null : value }
    }),
  }
}

function read(text: string): Scope {
  const parsed = parseScope(text, ruleScopeCharsMax)
  return parsed.ok ? parsed.scope : { kind: 'or', of: [] }
}
