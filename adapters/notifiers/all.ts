import type { Notifier } from '../../activities/notification-ports.ts'
import type { AskTemplate } from '../../activities/rule-ports.ts'
import type { HttpFetch } from '../http/fetch.ts'
import type { Guard } from '../http/guard.ts'
import { alertmanagerNotifier } from './alertmanager.ts'
import { discordNotifier } from './discord.ts'
import { emailNotifier } from './email.ts'
import { type EventLog, logNotifier } from './log.ts'
import { opsgenieNotifier } from './opsgenie.ts'
import { pagerdutyNotifier } from './pagerduty.ts'
import { slackNotifier } from './slack.ts'
import { teamsNotifier } from './teams.ts'
import { telegramNotifier } from './telegram.ts'
import { webhookNotifier } from './webhook.ts'

export type NotifierOptions = Readonly<{
  clock: () => number
  /** The way out for what users configure. */
  send: HttpFetch
  /** Which addresses may be a mail server; null = all. */
  guard: Guard | null
  log: EventLog
  /** Answers the queries of rules' templates; null or absent = nobody does. */
  ask?: AskTemplate | null
}>

/** One of each kind: workers deliver with them, the API tries receivers with them. */
export function notifiersOf({ clock, send, guard, log, ask = null }: NotifierOptions): readonly Notifier[] {
  return [
    logNotifier(log),
    webhookNotifier(clock, send),
    slackNotifier(clock, send),
    discordNotifier(clock, send),
    telegramNotifier(clock, send),
    teamsNotifier(clock, send),
    pagerdutyNotifier(clock, send),
    opsgenieNotifier(clock, send),
    emailNotifier(guard),
    alertmanagerNotifier(clock, send, ask),
  ]
}
