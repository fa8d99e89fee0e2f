import type { ReceiverHealth } from '../adapters/postgres/queries/delivery-log.ts'
import type { StoredReceiver } from '../adapters/postgres/queries/receivers.ts'
import { secretsOf } from '../contract/receivers/body.ts'
import { receiverKindOf } from '../contract/receivers/index.ts'
import { presentPolicy } from '../contract/receivers/policy.ts'

/** Without a secret: only the names of those that are set. `policy` whole, defaults included. */
export function presentReceiver({ name, kind, config, policy, managedBy, created, modified }: StoredReceiver) {
  const { unreadable } = config
  const hidden = receiverKindOf(kind)?.secrets ?? []
  const shown = Object.entries(config).filter(([field, value]) => !hidden.includes(field) && value !== null)
  return {
    name,
    kind,
    config: typeof unreadable === 'string' ? {} : Object.fromEntries(shown),
    secrets: secretsOf({ kind, config }),
    policy: presentPolicy(policy),
    managed_by: managedBy,
    created: timeOf(created),
    modified: timeOf(modified),
    ...(typeof unreadable === 'string' ? { unreadable } : {}),
  }
}

/** How it does, as its deliveries left it. */
export function presentHealth({ breaker, pausedUntil, open, dead, lastSuccessAt, lastFailureAt, lastFailure }: ReceiverHealth) {
  return {
    breaker: { state: breaker.state, since: timeOf(breaker.since), until: timeOf(breaker.until) },
    paused_until: timeOf(pausedUntil),
    open,
    dead,
    last_success_at: timeOf(lastSuccessAt),
    last_failure_at: timeOf(lastFailureAt),
    last_failure: lastFailure,
  }
}

/** The log's own row, which there isn't, began at no time. */
function timeOf(date: Date | null): string | null {
  return date === null || date.getTime() === 0 ? null : date.toISOString()
}
