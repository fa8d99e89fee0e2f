/**
 * Posts alerts to Alertmanager as Prometheus does: to each of its cluster, again every minute while they fire, and for a quarter of
 * an hour after they are over. Never opens anything for a recovery, and never waits for the whole cluster: one that takes it is enough.
 * Read next: alertmanager-alert.ts (the alerts), contract/receivers/alertmanager.ts.
 */
import type { DeliveryReceipt, Notifier, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { type AskTemplate, withAnswers } from '../../activities/rule-ports.ts'
import { type AlertmanagerConfig, alertmanagerConfig } from '../../contract/receivers/alertmanager.ts'
import { policyOf } from '../../core/delivery/policy.ts'
import { compileSpec } from '../../core/monitor/spec.ts'
import { prometheusRuleOf } from '../../core/prometheus-template/rule-option.ts'
import { type HttpFetch, request } from '../http/fetch.ts'
import { type Alert, alertsOf, severityAt } from './alertmanager-alert.ts'
import { isOfEpisode } from './episode.ts'
import { configOf, receiptOf } from './receipt.ts'

/** As Prometheus' resend delay: an Alertmanager that lost its memory has it back after this time. */
const refreshMs = 60_000
/** As Prometheus: long enough for one that was away to hear that it is over. */
const resolvedForMs = 900_000
/** Some 1 MB of JSON, which servers and proxies take in one piece. */
const alertsPerPostMax = 1_000
/** Error pages are read for their first lines. */
const answerBytesMax = 2_048

/** `ask`: for the queries of rules' templates; null = they are told as failed. */
export function alertmanagerNotifier(clock: () => number, send: HttpFetch = request, ask: AskTemplate | null = null): Notifier {
  return {
    kind: 'alertmanager',
    markup: 'plain',
    incidents: true,
    async deliver(message, receiver) {
      const read = configOf(receiver, alertmanagerConfig)
      if (!read.ok) return read.receipt
      const receipt = await post({ clock, send, ask }, [message], read.config, receiver)
      const first = receipt.kind === 'delivered' && message.form !== 'test' && message.transition.to !== 'OK'
      return first ? { ...receipt, reference: referenceOf(message, read.config) } : receipt
    },
    refresh: {
      everyMs: refreshMs,
      resolvedForMs,
      async deliver(messages, receiver) {
        const read = configOf(receiver, alertmanagerConfig)
        // A test is over by itself.
        const open = messages.filter(isOfEpisode)
        return read.ok ? post({ clock, send, ask }, open, read.config, receiver) : read.receipt
      },
    },
  }
}

/** With the value of a rule of Prometheus: its labels may be made of it. */
function referenceOf({ subject, transition: { to, value } }: OutgoingMessage, config: AlertmanagerConfig): Record<string, string> {
  return {
    severity: severityAt(to, config),
    ...(value === null || prometheusRuleOf(subject.options.prometheus) === null ? {} : { value: String(value) }),
  }
}

type World = Readonly<{ clock: () => number; send: HttpFetch; ask: AskTemplate | null }>

async function post(
  world: World,
  messages: readonly OutgoingMessage[],
  config: AlertmanagerConfig,
  receiver: Receiver,
): Promise<DeliveryReceipt> {
  if (messages.some(({ form }) => form === 'digest'))
    return { kind: 'refused', reason: 'a digest tells of many monitors, and an Alertmanager is told of alerts one by one' }
  const alerts: Alert[] = []
  for (const message of messages) alerts.push(...(await alertsWithAnswers(world, message, config)))
  const receipts = await Promise.all(config.urls.map((url) => postTo(world, url, alerts, config, policyOf(receiver).timeoutMs)))
  return ofCluster(receipts)
}

/** A page isn't held up for long: each question has its deadline, and what has no answer says so. */
async function alertsWithAnswers({ clock, ask }: World, message: OutgoingMessage, config: AlertmanagerConfig): Promise<readonly Alert[]> {
  return withAnswers(alertsOf(message, config, clock()), async (query) => {
    if (ask === null) return { failure: 'the source was not asked' }
    // Few templates ask anything: what asks is made only then.
    return ask(compileSpec({ ...message.subject, draftStatus: 'published' }, null), query, message.transition.slot)
  })
}

/** One after the other: a peer that doesn't take the first piece isn't sent the next. */
async function postTo(
  { clock, send }: World,
  url: string,
  alerts: readonly Alert[],
  config: AlertmanagerConfig,
  timeoutMs: number,
): Promise<DeliveryReceipt> {
  let receipt: DeliveryReceipt = { kind: 'delivered', detail: 'nothing to post' }
  for (let from = 0; from < alerts.length && receipt.kind === 'delivered'; from += alertsPerPostMax) {
    const reply = await send({
      url: `${url}/api/v2/alerts`,
      method: 'POST',
      headers: headersOf(config),
      body: JSON.stringify(alerts.slice(from, from + alertsPerPostMax)),
      timeoutMs,
      maxBytes: answerBytesMax,
    })
    receipt = receiptOf(reply, { nowMs: clock(), secrets: [config.bearer_token, config.password].filter((one) => one !== undefined) })
  }
  return receipt
}

function headersOf({ username, password, bearer_token, tenant }: AlertmanagerConfig): Record<string, string> {
  const basic = username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
  const authorization = bearer_token === undefined ? basic : `Bearer ${bearer_token}`
  return {
    'content-type': 'application/json',
    ...(authorization === undefined ? {} : { authorization }),
    ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
  }
}

/** Peers tell each other what they notified of, not what they were told: those that missed it are named. */
function ofCluster(receipts: readonly DeliveryReceipt[]): DeliveryReceipt {
  const delivered = receipts.filter(({ kind }) => kind === 'delivered')
  const [first] = delivered
  const failures = receipts.filter((receipt) => receipt.kind !== 'delivered')
  if (first !== undefined) {
    if (failures.length === 0) return first
    const reasons = failures.map(({ reason }) => reason).join('; ')
    return { kind: 'delivered', detail: `${delivered.length} of ${receipts.length} took it; ${reasons}`.slice(0, 300) }
  }
  const retry = receipts.find(({ kind }) => kind === 'retry')
  return retry ?? failures[0] ?? { kind: 'refused', reason: 'no Alertmanager is configured' }
}
