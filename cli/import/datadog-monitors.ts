/**
 * Monitors and downtimes as Datadog's API gives them: one, a list, or what its pages wrap around lists. Everything that the API takes is
 * kept as it is; what it doesn't is left away and said. Pure. Read next: datadog-downtimes.ts, datadog-fetch.ts.
 */
import { createHash } from 'node:crypto'
import { createBody } from '../../contract/monitor.ts'
import { monitorOptions } from '../../contract/options.ts'
import { parseDefinition } from '../../contract/parse.ts'
import { type Body, isObject } from '../apply/desired.ts'
import { withKeys } from '../apply/members.ts'
import { type Converted, distinct, joined, nothing, slugOf } from './converted.ts'
import { convertDowntime, isDowntime } from './datadog-downtimes.ts'

/** Checked and stored, but nothing evaluates them: docs/semantics.md. */
export const unevaluatedTypes: ReadonlySet<string> = new Set([
  'slo alert',
  'process alert',
  'rum alert',
  'audit alert',
  'ci-pipelines alert',
  'ci-tests alert',
  'cost alert',
  'data-jobs alert',
  'data-quality alert',
  'database-monitoring alert',
  'error-tracking alert',
  'llm-observability alert',
  'network-path alert',
  'network-performance alert',
  'trace-analytics alert',
  'synthetics alert',
])

export type DatadogOptions = Readonly<{ prefix: string; tags: readonly string[] }>

export function convertDatadog(document: unknown, file: string, options: DatadogOptions): Converted {
  const entries = entriesOf(document, file)
  const key = distinct()
  const keys = new Map<number, string>()
  const keyed = entries.map((entry) => {
    const own = isObject(entry.value) && !isDowntime(entry.value) ? key(keyOf(entry.value, options.prefix)) : ''
    if (isObject(entry.value) && own !== '' && typeof entry.value.id === 'number') keys.set(entry.value.id, own)
    return { ...entry, key: own }
  })
  return joined(keyed.map(({ value, place, key: own }) => convertEntry(value, place, own, keys, options)))
}

type Entry = Readonly<{ value: unknown; place: string }>

/** Lists within lists, and objects that hold nothing but one. */
function entriesOf(document: unknown, place: string): readonly Entry[] {
  if (Array.isArray(document)) return document.flatMap((value, index) => entriesOf(value, `${place}[${index}]`))
  if (!isObject(document)) return [{ value: document, place }]
  for (const name of ['monitors', 'downtimes', 'data'] as const) {
    if (Array.isArray(document[name])) return entriesOf(document[name], `${place}: ${name}`)
  }
  if (isObject(document.monitor)) return entriesOf(document.monitor, place)
  // As integrations ship them.
  return [{ value: isObject(document.definition) ? document.definition : document, place }]
}

function keyOf(monitor: Body, prefix: string): string {
  if (typeof monitor.id === 'number' || typeof monitor.id === 'string') return `${prefix}${slugOf(String(monitor.id))}`
  const digest = createHash('sha256')
    .update(JSON.stringify([monitor.type, monitor.query]))
    .digest('hex')
    .slice(0, 6)
  return `${prefix}${slugOf(String(monitor.name ?? ''))}-${digest}`
}

function convertEntry(value: unknown, place: string, key: string, keys: ReadonlyMap<number, string>, options: DatadogOptions): Converted {
  if (!isObject(value)) return { ...nothing, leftOut: [{ place, text: 'this is no monitor and no downtime' }] }
  if (isDowntime(value)) return convertDowntime(value, place, keys, options.prefix)
  const at = `${place} ${JSON.stringify(value.name ?? '')}`
  const { body, notes } = monitorOf(value, options)
  const unknown = body.type === 'composite' ? strangersIn(String(body.query ?? ''), keys) : []
  if (unknown.length > 0)
    return { ...nothing, leftOut: [{ place: at, text: `composite of monitors that aren’t imported with it: ${unknown.join(', ')}` }] }
  const parsed = parseDefinition(body)
  if (!parsed.ok) return { ...nothing, leftOut: [{ place: at, text: parsed.errors.join('; ') }] }
  const query = body.type === 'composite' ? withKeys(String(body.query), keys) : body.query
  const told = unevaluatedTypes.has(String(body.type)) ? [...notes, `${body.type}: stored, and nothing evaluates it yet`] : notes
  return { ...nothing, monitors: [{ key, place: at, body: { ...body, query } }], notes: told.map((text) => ({ place: at, text })) }
}

/** Fields that are set by whoever has the monitor, and ids of people and roles that are of another organisation. */
const theirs: ReadonlySet<string> = new Set([
  'id',
  'org_id',
  'created',
  'created_at',
  'modified',
  'deleted',
  'creator',
  'multi',
  'overall_state',
  'overall_state_modified',
  'state',
  'matching_downtimes',
])

function monitorOf(monitor: Body, { tags }: DatadogOptions): Readonly<{ body: Body; notes: string[] }> {
  const notes: string[] = []
  const fields = Object.entries(monitor).filter(([name, value]) => {
    if (theirs.has(name)) return false
    const known = Object.hasOwn(createBody.shape, name) && !(name in ours)
    if (!known && value !== null) notes.push(`${name}: left away, ${ours[name] ?? 'it isn’t known here'}`)
    return known
  })
  const body = Object.fromEntries(fields)
  const options = isObject(monitor.options) ? Object.entries(monitor.options) : []
  const known = options.filter(([name]) => Object.hasOwn(monitorOptions.shape, name))
  for (const [name] of options)
    if (!Object.hasOwn(monitorOptions.shape, name)) notes.push(`options.${name}: left away, it isn’t known here`)
  return {
    body: {
      ...body,
      ...(tags.length === 0 ? {} : { tags: [...(Array.isArray(monitor.tags) ? monitor.tags : []), ...tags] }),
      options: Object.fromEntries(known),
    },
    notes,
  }
}

/** Fields that would be taken and mean nothing here. */
const ours: Readonly<Record<string, string>> = {
  restricted_roles: 'its roles are of another organisation',
  restriction_policy: 'it names people of another organisation',
}

function strangersIn(query: string, keys: ReadonlyMap<number, string>): string[] {
  return (query.match(/\d+/g) ?? []).filter((id) => !keys.has(Number(id)))
}
