import type { NotificationJob, NotificationSubject } from '../../activities/notification-ports.ts'
import type { Transition } from '../../core/monitor/types.ts'

/** A told transition into Alert, changed where a test needs it. */
export function toldTransition(change: Partial<Transition> = {}): Transition {
  return {
    sequence: 1,
    group: 'host:web-1',
    from: 'OK',
    to: 'Alert',
    slot: 1_769_860_800_000,
    value: 95,
    threshold: 90,
    reason: 'threshold-crossed',
    version: 1,
    firstTriggeredAt: 1_769_860_800_000,
    lastTriggeredAt: 1_769_860_800_000,
    notify: { send: true, reason: 'entered-alert' },
    bundle: null,
    ...change,
  }
}

export function notificationSubject(change: Partial<NotificationSubject> = {}): NotificationSubject {
  return {
    monitorId: 1001,
    version: 1,
    name: 'CPU is high',
    type: 'query alert',
    query: 'avg(last_5m):avg:system.cpu.user{*} by {host} > 90',
    message: 'CPU of {{host.name}} is {{value}} @webhook-ops',
    tags: ['team:core'],
    priority: 2,
    options: { thresholds: { critical: 90 } },
    ...change,
  }
}

/** A commit with one told transition for each group, numbered from 1. */
export function notificationJob(groups: readonly string[], change: Partial<NotificationSubject> = {}): NotificationJob {
  const subject = notificationSubject(change)
  const transitions = groups.map((group, index) => toldTransition({ sequence: index + 1, group }))
  return { monitorId: subject.monitorId, sequence: groups.length, subject, transitions }
}
