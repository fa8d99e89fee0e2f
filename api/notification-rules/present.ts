/** A stored notification rule as clients read it. Never reads anything itself. Read next: change.ts, routes/notification-rules.ts. */
import type { StoredRule } from '../../adapters/postgres/queries/notification-rules.ts'
import type { RuleRecipients } from '../../core/notification-rules/rule.ts'
import { presentExactTime } from '../downtimes/present.ts'

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
      created: presentExactTime(createdMs),
      modified: presentExactTime(modifiedMs),
      created_at: presentExactTime(createdMs),
      modified_at: presentExactTime(modifiedMs),
    },
    relationships: { created_by: { data: { type: 'users', id: String(creator.id) } } },
  }
}

function presentRecipients(recipients: RuleRecipients): object {
  if (recipients.kind === 'always') return { recipients: recipients.recipients }
  const { conditions, fallback } = recipients
  return { conditional_recipients: { conditions, ...(fallback === null ? {} : { fallback_recipients: fallback }) } }
}
