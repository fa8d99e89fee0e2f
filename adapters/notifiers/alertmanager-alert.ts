import type { OutgoingMessage } from '../../activities/notification-ports.ts'
import type { AlertmanagerConfig } from '../../contract/receivers/alertmanager.ts'
import { assertNever } from '../../core/assert.ts'
import { boundText, isoTime, roundForPeople } from '../../core/message/format.ts'
import { titleOf } from '../../core/message/title.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { answeredAlert } from '../../core/prometheus-template/answered.ts'
import type { QueryAnswer } from '../../core/prometheus-template/expand.ts'
import { alertRenderer, type RenderedAlert } from '../../core/prometheus-template/rule.ts'
import { prometheusRuleOf } from '../../core/prometheus-template/rule-option.ts'
import { labelsOf } from './alertmanager-labels.ts'

/** As `POST /api/v2/alerts` takes it; times in RFC 3339. */
export type Alert = Readonly<{
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  startsAt: string
  endsAt: string
  generatorURL?: string
}>

/** As Prometheus' resend delay: told again this often, an alert must not end in between. */
const resendMs = 60_000
/** As Prometheus: an alert that isn't told of four times is over. */
const endsAfterResends = 4
/** Through a default group_wait and out again, without anybody to close it: what is over at once notifies nobody. */
const testMs = 120_000
/** What templates of receivers print; a page has no room for more. */
const descriptionCharactersMax = 4_000

/** What Prometheus' templates ask is yielded, as of the message's slot, and resumed with the answer. */
export type AnsweredAlerts = Generator<string, readonly Alert[], QueryAnswer>

/**
 * An alert per group that the message tells of, as it is now. A severity is part of what an alert is: when it changes, the alert
 * of the one before ends, where anything of the episode was sent.
 */
export function* alertsOf(message: OutgoingMessage, config: AlertmanagerConfig, nowMs: number): AnsweredAlerts {
  const groups = Map.groupBy(message.transitions, ({ group }) => group)
  const answers = new Map<string, QueryAnswer>()
  const alerts: Alert[] = []
  for (const transitions of groups.values()) {
    const last = transitions.at(-1)
    if (last === undefined) continue
    const rule = yield* ruleAlertOf(message, transitions, last, answers)
    const annotations = rule?.annotations ?? annotationsOf(message, last, groups.size === 1)
    const over = last.to === 'OK' && message.form !== 'test'
    const severity = message.form === 'test' ? config.severities.warn : severityAt(over ? last.from : last.to, config)
    const before = message.episode.reference === null ? [] : transitions.map(({ from }) => from).filter((from) => from !== 'OK')
    const ended = new Set(before.map((status) => severityAt(status, config)))
    ended.delete(severity)
    const alert = (of: string, endsAtMs: number): Alert => ({
      labels:
        rule !== null && of === config.severities.alert ? rule.labels : labelsOf(message.subject, last.group, of, config.labels ?? {}),
      annotations,
      ...timesOf(last, endsAtMs),
      ...(message.link === null ? {} : { generatorURL: message.link }),
    })
    const overAtMs = Math.min(nowMs, last.slot)
    alerts.push(alert(severity, over ? overAtMs : endOf(message, nowMs)), ...[...ended].map((of) => alert(of, overAtMs)))
  }
  return alerts
}

/**
 * Of a rule of Prometheus: its own labels and annotations and nothing else, with external labels where it has none of that name. What is over
 * keeps the value that it fired with, so that its labels stay the same.
 */
function* ruleAlertOf(
  { subject, episode, form }: OutgoingMessage,
  transitions: readonly Transition[],
  last: Transition,
  answers: Map<string, QueryAnswer>,
): Generator<string, RenderedAlert | null, QueryAnswer> {
  const rule = prometheusRuleOf(subject.options.prometheus)
  if (rule === null || form === 'test') return null
  const fired = transitions.findLast(({ to }) => to !== 'OK')
  const before = episode.reference?.value === undefined ? null : Number(episode.reference.value)
  const value = fired?.value ?? before ?? last.value
  const render = alertRenderer(subject)
  const alert = yield* answeredAlert((given) => render(last.group, value, given), answers)
  return { ...alert, labels: { ...rule.externalLabels, ...alert.labels } }
}

/** The label of a status. */
export function severityAt(status: Status, { severities }: AlertmanagerConfig): string {
  switch (status) {
    // A late note of what is over has nothing to go by.
    case 'OK':
    case 'Alert':
      return severities.alert
    case 'Warn':
      return severities.warn
    case 'No Data':
      return severities.no_data
    case 'Unknown':
      return severities.unknown
    default:
      return assertNever(status)
  }
}

function endOf({ form, subject }: OutgoingMessage, nowMs: number): number {
  if (form === 'test') return nowMs + testMs
  const { interval } = subject.options
  const intervalMs = typeof interval === 'number' && Number.isFinite(interval) ? interval * 1_000 : 0
  return nowMs + endsAfterResends * Math.max(intervalMs, resendMs)
}

/** An end before its beginning is refused; milliseconds matter where something was over within a second. */
function timesOf({ firstTriggeredAt, slot }: Transition, endsAtMs: number): Pick<Alert, 'startsAt' | 'endsAt'> {
  const startsAtMs = Math.min(firstTriggeredAt ?? slot, endsAtMs)
  return { startsAt: new Date(startsAtMs).toISOString(), endsAt: new Date(endsAtMs).toISOString() }
}

/** The text of a message about many groups lists them all, so each has its own title only. */
function annotationsOf(message: OutgoingMessage, transition: Transition, alone: boolean): Record<string, string> {
  const { id, subject, title, body } = message
  const { to, value, threshold, slot } = transition
  const description = boundText(body, descriptionCharactersMax).toWellFormed()
  return {
    summary: (alone ? title : boundText(titleOf(subject.name, transition, true), 1_000)).toWellFormed(),
    ...(alone && description !== '' ? { description } : {}),
    status: to,
    evaluated_at: isoTime(slot),
    ...(value === null ? {} : { value: String(roundForPeople(value)) }),
    ...(threshold === null ? {} : { threshold: String(threshold) }),
    query: boundText(subject.query, descriptionCharactersMax),
    message_id: id,
  }
}
