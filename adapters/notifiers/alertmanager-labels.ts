import { createHash } from 'node:crypto'
import type { NotificationSubject } from '../../activities/notification-ports.ts'
import { boundText } from '../../core/message/format.ts'
import { parseGroupKey } from '../../core/monitor/group.ts'

/** Longer values are cut; what is left of them is told apart by a hash. */
const valueCharactersMax = 500
const nameCharactersMax = 100
const reserved = new Set(['alertname', 'severity', 'monitor_id'])

type Labels = ReadonlyMap<string, string>

/**
 * What an alert is to an Alertmanager, constant over its time: the monitor's name and id, the severity, the group's tags, the monitor's
 * tags, and what the receiver adds; of the same name the first of these wins. Two groups never have the same labels.
 */
export function labelsOf(
  { monitorId, name, tags }: NotificationSubject,
  group: string,
  severity: string,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  const own: Labels = new Map([
    ['alertname', labelValue(name)],
    ['severity', severity],
    ['monitor_id', String(monitorId)],
  ])
  const labels = new Map([...Object.entries(more), ...monitorLabels(tags), ...groupLabels(group), ...own])
  // An empty label is none, and two ways to say the same are one too many.
  return Object.fromEntries([...labels].filter(([, value]) => value !== ''))
}

/** Tags whose names become the same stay two labels. */
function groupLabels(group: string): Labels {
  const tags = parseGroupKey(group)
  const labels = new Map<string, string>()
  for (const key of Object.keys(tags).sort()) labels.set(freeName(labelName(key), labels), labelValue(tags[key] ?? ''))
  return labels
}

function freeName(wanted: string, taken: Labels): string {
  const name = reserved.has(wanted) ? `tag_${wanted}` : wanted
  if (!taken.has(name)) return name
  let number = 2
  while (taken.has(`${name}_${number}`)) number += 1
  return `${name}_${number}`
}

/** `env:prod` is a label; several tags of one key are one, `a,b`; a tag without a value is there, so it is true. */
function monitorLabels(tags: readonly string[]): Labels {
  const values = new Map<string, string[]>()
  for (const tag of tags) {
    const [key = '', ...rest] = tag.split(':')
    const name = freeName(labelName(key), new Map())
    values.set(name, [...(values.get(name) ?? []), rest.join(':') || 'true'])
  }
  return new Map([...values].map(([name, all]) => [name, labelValue([...new Set(all)].sort().join(','))]))
}

/** Alertmanager takes `[a-zA-Z_][a-zA-Z0-9_]*`; other characters become `_`. */
function labelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_')
  const valid = /^[a-zA-Z_]/.test(name) ? name : `_${name}`
  return valid.length <= nameCharactersMax ? valid : `${valid.slice(0, nameCharactersMax - 9)}_${hashOf(key)}`
}

function labelValue(text: string): string {
  const value = text.toWellFormed()
  return value.length <= valueCharactersMax
    ? boundText(value, valueCharactersMax)
    : `${boundText(value, valueCharactersMax)} ${hashOf(value)}`
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
