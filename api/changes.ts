/**
 * What an edit changed, field by field, for the audit. Never holds what may be secret or long: the event names both versions,
 * and monitor_versions has each of them whole. Read next: definitions.ts.
 */
import { isDeepStrictEqual } from 'node:util'
import type { MonitorDefinition } from '../contract/monitor.ts'

/** `from` and `to` are left out where they are not for the audit. */
export type Change = Readonly<{ field: string; from?: unknown; to?: unknown }>

/** Thresholds, tags and queries fit; a page of text doesn't belong into a list of events. */
const valueCharsMax = 500

const fields = ['type', 'name', 'query', 'message', 'tags', 'priority', 'restricted_roles', 'draft_status', 'assets'] as const

/** Texts and addresses may hold a token; whoever wrote one there shall be able to take it out again. */
const named: ReadonlySet<string> = new Set(['message', 'assets', 'options.escalation_message'])

/** Empty = they are the same. Options one by one. */
export function changesOf(before: MonitorDefinition, next: MonitorDefinition): Change[] {
  const after: MonitorDefinition = stored(next)
  const options = [...new Set([...Object.keys(before.options), ...Object.keys(after.options)])].sort()
  return [
    ...fields.flatMap((field) => changeOf(field, before[field], after[field], next.type)),
    ...options.flatMap((name) => changeOf(`options.${name}`, optionOf(before, name), optionOf(after, name), next.type)),
  ]
}

/** Compared as stored: -0 is 0 in JSON, and an undefined field is none. */
function stored(definition: MonitorDefinition): MonitorDefinition {
  return JSON.parse(JSON.stringify(definition))
}

function optionOf({ options }: MonitorDefinition, name: string): unknown {
  return Object.getOwnPropertyDescriptor(options, name)?.value
}

function changeOf(field: string, from: unknown, to: unknown, type: string): Change[] {
  if (isDeepStrictEqual(from, to)) return []
  // The address of a check may hold a token.
  const isNamed = named.has(field) || (field === 'query' && type === 'http alert')
  return [isNamed || isLong(from) || isLong(to) ? { field } : { field, from: from ?? null, to: to ?? null }]
}

function isLong(value: unknown): boolean {
  return (JSON.stringify(value) ?? '').length > valueCharsMax
}
