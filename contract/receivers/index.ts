/**
 * Every kind of receiver that the API and the configuration file take. The log isn't among them: it is always there.
 * Read next: kind.ts, a kind's own file, body.ts.
 */
import { alertmanagerKind } from './alertmanager.ts'
import { discordKind } from './discord.ts'
import { emailKind } from './email.ts'
import type { ReceiverKind } from './kind.ts'
import { opsgenieKind } from './opsgenie.ts'
import { pagerdutyKind } from './pagerduty.ts'
import { slackKind } from './slack.ts'
import { teamsKind } from './teams.ts'
import { telegramKind } from './telegram.ts'
import { webhookKind } from './webhook.ts'

export const receiverKinds: readonly ReceiverKind[] = [
  webhookKind,
  slackKind,
  discordKind,
  telegramKind,
  teamsKind,
  pagerdutyKind,
  opsgenieKind,
  emailKind,
  alertmanagerKind,
]

/** What they open has to be closed again: nothing of it may be folded into a digest. */
const incidentKinds: readonly string[] = ['pagerduty', 'opsgenie', 'alertmanager']

export function opensIncidents(kind: string): boolean {
  return incidentKinds.includes(kind)
}

/** null = there is no such kind. */
export function receiverKindOf(name: string): ReceiverKind | null {
  return receiverKinds.find(({ kind }) => kind === name) ?? null
}
