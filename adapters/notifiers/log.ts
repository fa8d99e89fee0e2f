import type { Notifier } from '../../activities/notification-ports.ts'

/** What this notifier needs of a logger: pino's form. */
export type EventLog = Readonly<{ info: (fields: Readonly<Record<string, unknown>>, event: string) => void }>

/** Writes each message as an event `notification` into the process's log. The receiver `log` is of this kind and always exists. */
export function logNotifier(log: EventLog): Notifier {
  return {
    kind: 'log',
    deliver: async ({ id, subject, transition, title, body }) => {
      log.info(
        {
          messageId: id,
          monitorId: subject.monitorId,
          sequence: transition.sequence,
          group: transition.group,
          from: transition.from,
          to: transition.to,
          slot: transition.slot,
          value: transition.value,
          title,
          body,
        },
        'notification',
      )
      return { kind: 'delivered', detail: 'written to the log' }
    },
  }
}
