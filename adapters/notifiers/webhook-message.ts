import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import type { WebhookMessage } from '../../contract/webhook.ts'
import { assertNever } from '../../core/assert.ts'
import { isoTime } from '../../core/message/format.ts'
import { parseGroupKey } from '../../core/monitor/group.ts'
import type { Status } from '../../core/monitor/spec-types.ts'

/** A message as a webhook is sent it. The same message is always the same JSON, so that retries don't differ. */
export function webhookMessageOf({ id, subject, transition, title, body }: OutgoingMessage): WebhookMessage {
  return {
    id,
    type: typeOf(transition.to),
    timestamp: isoTime(transition.slot),
    monitor: {
      id: subject.monitorId,
      version: subject.version,
      name: subject.name,
      type: subject.type,
      query: subject.query,
      tags: subject.tags,
      priority: subject.priority,
    },
    group: { key: transition.group, tags: parseGroupKey(transition.group) },
    transition: {
      sequence: transition.sequence,
      from: transition.from,
      to: transition.to,
      slot: transition.slot,
      value: transition.value,
      threshold: transition.threshold,
      reason: transition.reason,
      first_triggered_at: transition.firstTriggeredAt,
      last_triggered_at: transition.lastTriggeredAt,
      bundle: transition.bundle,
    },
    title,
    body,
  }
}

function typeOf(to: Status): WebhookMessage['type'] {
  switch (to) {
    case 'OK':
      return 'monitor.recovery'
    case 'Warn':
      return 'monitor.warning'
    case 'Alert':
      return 'monitor.alert'
    case 'No Data':
      return 'monitor.no_data'
    case 'Unknown':
      return 'monitor.unknown'
    default:
      return assertNever(to)
  }
}
