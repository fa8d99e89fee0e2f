import type { Notifier } from '../../activities/notification-ports.ts'
import type { HttpFetch } from '../http/fetch.ts'
import { type EventLog, logNotifier } from './log.ts'
import { webhookNotifier } from './webhook.ts'

export type NotifierOptions = Readonly<{
  clock: () => number
  /** The way out for what users configure. */
  send: HttpFetch
  log: EventLog
}>

/** One of each kind: workers deliver with them, the API tries receivers with them. */
export function notifiersOf({ clock, send, log }: NotifierOptions): readonly Notifier[] {
  return [logNotifier(log), webhookNotifier(clock, send)]
}
