/**
 * What Datadog's variables of webhooks stand for here. Those that are about what the engine doesn't have (incidents, security signals,
 * snapshots) are known, and empty. Read next: payload.ts, docs/how-to/receive-webhooks.md, which lists them.
 */
import { assertNever } from '../assert.ts'
import { groupTags, parseGroupKey } from '../monitor/group.ts'
import type { Status } from '../monitor/spec-types.ts'
import type { Transition } from '../monitor/types.ts'
import type { PayloadValues } from './payload.ts'
import { changeName } from './title.ts'

export type PayloadSubject = Readonly<{
  id: string
  subject: Readonly<{ monitorId: number; name: string; type: string; query: string; tags: readonly string[] }>
  transition: Transition
  title: string
  body: string
  priority: number | null
  episode: Readonly<{ key: string }>
  link: string | null
}>

/** Of the organisation: there is one. As monitors are answered. */
const org = { id: '1', name: 'Tocsin' } as const

const values = {
  AGGREG_KEY: ({ episode }) => episode.key,
  ALERT_CYCLE_KEY: ({ episode, transition }) => `${episode.key}:${transition.firstTriggeredAt ?? transition.slot}`,
  ALERT_ID: ({ subject }) => String(subject.monitorId),
  ALERT_METRIC: ({ subject }) => metricOf(subject.query),
  ALERT_PRIORITY: ({ priority }) => (priority === null ? '' : `P${priority}`),
  ALERT_QUERY: ({ subject }) => subject.query,
  ALERT_SCOPE: ({ transition }) => groupTags(transition.group).join(','),
  ALERT_STATUS: ({ transition }) => statusOf(transition),
  ALERT_TITLE: ({ title }) => title,
  ALERT_TRANSITION: ({ transition }) => changeName(transition),
  ALERT_TYPE: ({ transition }) => alertTypeOf(transition.to),
  DATE: ({ transition }) => String(transition.slot),
  DATE_POSIX: ({ transition }) => String(Math.floor(transition.slot / 1_000)),
  EVENT_MSG: ({ body }) => body,
  EVENT_TITLE: ({ title }) => title,
  EVENT_TYPE: ({ subject }) => eventTypeOf(subject.type),
  HOSTNAME: ({ transition }) => parseGroupKey(transition.group).host ?? '',
  ID: ({ id }) => id,
  LAST_UPDATED: ({ transition }) => String(transition.slot),
  LAST_UPDATED_POSIX: ({ transition }) => String(Math.floor(transition.slot / 1_000)),
  LINK: ({ link }) => link ?? '',
  METRIC_NAMESPACE: ({ subject }) => metricOf(subject.query).split('.')[0] ?? '',
  ORG_ID: () => org.id,
  ORG_NAME: () => org.name,
  PRIORITY: () => 'normal',
  TAGS: (about) => tagsOf(about).join(','),
  TEXT_ONLY_MSG: ({ body }) => withoutMarkup(body),
} as const satisfies Readonly<Record<string, (about: PayloadSubject) => string>>

/** Known, and empty: nothing here has them. */
const absent = ['EMAIL', 'LOGS_SAMPLE', 'SNAPSHOT', 'USER', 'USERNAME'] as const
const absentFamilies = ['INCIDENT_', 'SECURITY_', 'SYNTHETICS_', 'SYNTHETIC_'] as const

/** Names that a variable of one's own can't have. */
export function isBuiltInVariable(name: string): boolean {
  return Object.hasOwn(values, name) || absent.some((one) => one === name) || absentFamilies.some((family) => name.startsWith(family))
}

export const payloadVariableNames: readonly string[] = [...Object.keys(values), ...absent].sort()

/** `own`: variables of one's own, which no built-in one has the name of. */
export function payloadValues(about: PayloadSubject, own: Readonly<Record<string, string>>): PayloadValues {
  return (name, key) => {
    if (name === 'TAGS' && key !== null) return valuesOfTag(about, key)
    if (isValue(name)) return values[name](about)
    if (isBuiltInVariable(name)) return ''
    return Object.hasOwn(own, name) ? own[name] : undefined
  }
}

function isValue(name: string): name is keyof typeof values {
  return Object.hasOwn(values, name)
}

/** The tags of the group first; without the sign that makes a group's key of them. */
function tagsOf({ subject, transition }: PayloadSubject): string[] {
  return [...new Set(['monitor', ...groupTags(transition.group), ...subject.tags])]
}

function valuesOfTag(about: PayloadSubject, key: string): string {
  const found = tagsOf(about).flatMap((tag) => (tag.startsWith(`${key}:`) ? [tag.slice(key.length + 1)] : []))
  return [...new Set(found)].join(',')
}

/** The first metric that a query names. */
function metricOf(query: string): string {
  return /\b(?:avg|sum|min|max|count|p\d{1,3}):([A-Za-z][A-Za-z0-9_.]{0,199})\{/.exec(query)?.[1] ?? ''
}

function statusOf({ to, value, threshold }: Transition): string {
  const about = [...(value === null ? [] : [`value ${value}`]), ...(threshold === null ? [] : [`threshold ${threshold}`])]
  return about.length === 0 ? to : `${to}: ${about.join(', ')}`
}

function alertTypeOf(to: Status): string {
  switch (to) {
    case 'OK':
      return 'success'
    case 'Alert':
      return 'error'
    case 'Warn':
    case 'No Data':
    case 'Unknown':
      return 'warning'
    default:
      return assertNever(to)
  }
}

/** `query_alert_monitor` and `metric_alert_monitor` of the two names of one type; else the type itself. */
function eventTypeOf(type: string): string {
  const name = type.replace(/[^a-z0-9]+/gi, '_')
  return type === 'metric alert' || type === 'query alert' || type === 'composite' ? `${name}_monitor` : name
}

/** Signs of Markdown taken off; addresses of links stay behind their names. */
function withoutMarkup(text: string): string {
  return text
    .replace(/\[([^[\]\n]{1,500})\]\(([^()\s]{1,2000})\)/g, '$1 ($2)')
    .replace(/^ {0,3}#{1,6} +/gm, '')
    .replace(/\*\*|__|`/g, '')
}
