import type { StoredRule } from '../../adapters/postgres/queries/notification-rules.ts'
import type { RuleListParameters } from '../../contract/notification-rule-list.ts'
import { handlesOf } from '../../core/notification-rules/rule.ts'

/** Of all rules those of one page, filtered and sorted as asked: there are few, so none of it is PostgreSQL's work. */
export function pageOfRules(
  rules: readonly StoredRule[],
  { page, per_page: size, sort, filters }: RuleListParameters,
): readonly StoredRule[] {
  const found = rules.filter((rule) => isAskedFor(rule, filters))
  const [field, direction] = sort.split(':')
  const sorted = found.toSorted((a, b) => (field === 'name' ? comparedNames(a, b) : a.createdMs - b.createdMs))
  const ordered = direction === 'desc' ? sorted.toReversed() : sorted
  return ordered.slice(page * size, (page + 1) * size)
}

function isAskedFor(rule: StoredRule, { text, tags, recipients }: RuleListParameters['filters']): boolean {
  const ruleTags = rule.filter.kind === 'tags' ? rule.filter.tags : []
  const filterText = rule.filter.kind === 'tags' ? ruleTags : [rule.filter.scope]
  const handles = handlesOf(rule)
  return (
    (text === undefined || [rule.name, ...filterText, ...handles].some((part) => part.toLowerCase().includes(text.toLowerCase()))) &&
    (tags === undefined || tags.some((tag) => ruleTags.includes(tag))) &&
    (recipients === undefined || recipients.some((recipient) => handles.includes(recipient)))
  )
}

function comparedNames(a: StoredRule, b: StoredRule): number {
  if (a.name === b.name) return 0
  return a.name < b.name ? -1 : 1
}
