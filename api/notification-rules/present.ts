/** A stored notification rule as clients read it. Never reads anything itself. Read next: change.ts, routes/notification-rules.ts. */
import type { StoredRule } from '../../adapters/postgres/queries/notification-rules.ts'
import type { RuleRecipients } from '../../core/notification-rules/rule.ts'
import { presentUser } from '../downtimes/present.ts'

export function presentRule({ id, name, filter, recipients, bundleS, creator, createdMs, modifiedMs }: StoredRule): object {
  return {
    type: 'monitor-notification-rule',
    id,
    attributes: {
      name,
      filter: filter.kind === 'tags' ? { tags: filter.tags } : { scope: filter.scope },
      ...presentRecipients(recipients),
      ...(bundleS === null ? {} : { bundle_config: { duration: bundleS } }),
      // Datadog documents the first two and answers the others.
      created: exact(createdMs),
      modified: exact(modifiedMs),
      created_at: exact(createdMs),
      modified_at: exact(modifiedMs),
    },
    relationships: { created_by: { data: { type: 'users', id: String(creator.id) } } },
  }
}

/** Each creator once. */
export function includedCreators(rules: readonly StoredRule[]): readonly object[] {
  return [...new Map(rules.map(({ creator }) => [creator.id, presentUser(creator)])).values()]
}

function presentRecipients(recipients: RuleRecipients): object {
  if (recipients.kind === 'always') return { recipients: recipients.recipients }
  const { conditions, fallback } = recipients
  return { conditional_recipients: { conditions, ...(fallback === null ? {} : { fallback_recipients: fallback }) } }
}

/** As with monitors: microseconds. */
const exact = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 23)}000+00:00`
