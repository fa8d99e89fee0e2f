/**
 * The bodies of POST /api/v1/events and /api/v2/events, in Datadog's shapes: one event each, with a title and a text.
 * A body is taken whole or refused whole. Never touches a database or a clock. Read next: entry.ts, api/routes/events.ts.
 */
import { z } from 'zod'
import { type Entry, entryTagsMax } from './entry.ts'
import { sentencesOf } from './issues.ts'
import { timeIssue } from './retention.ts'
import { normaliseTags } from './tags.ts'

/** Datadog's limits: a title of 500, a text of 4,000 characters; somewhat more of either is taken. */
const titleCharsMax = 1_000
const textCharsMax = 20_000
const word = z.string().max(200)
const tags = z.array(z.string().max(2_000)).max(entryTagsMax)
const alertType = z.enum(
  ['error', 'warning', 'info', 'success', 'user_update', 'recommendation', 'snapshot'],
  'expected error, warning, info, success, user_update, recommendation or snapshot',
)

export const eventV1 = z.strictObject({
  title: z.string().min(1).max(titleCharsMax),
  text: z.string().max(textCharsMax),
  date_happened: z.number().nullish(),
  priority: z.enum(['normal', 'low'], 'expected normal or low').nullish(),
  host: word.nullish(),
  tags: tags.nullish(),
  alert_type: alertType.nullish(),
  aggregation_key: z.string().max(200).nullish(),
  source_type_name: word.nullish(),
  device_name: word.nullish(),
  related_event_id: z.int().nullish(),
  // Clients echo what they were given.
  handle: z.unknown().optional(),
  id: z.unknown().optional(),
  id_str: z.unknown().optional(),
  payload: z.unknown().optional(),
  url: z.unknown().optional(),
})
export type EventV1 = z.output<typeof eventV1>

export const eventV2 = z.strictObject({
  data: z.strictObject({
    type: z.literal('event', 'expected event'),
    attributes: z.strictObject({
      category: z.enum(['alert', 'change'], 'expected alert or change'),
      title: z.string().min(1).max(titleCharsMax),
      message: z.string().max(textCharsMax).nullish(),
      timestamp: z.string().max(100).nullish(),
      host: word.nullish(),
      tags: tags.nullish(),
      aggregation_key: z.string().max(200).nullish(),
      integration_id: word.nullish(),
      attributes: z.record(z.string(), z.unknown()).nullish(),
    }),
  }),
})
export type EventV2 = z.output<typeof eventV2>['data']['attributes']

export type ParsedEvent<Posted> = Readonly<{ ok: true; entry: Entry; posted: Posted } | { ok: false; errors: readonly string[] }>

export function parseEventV1(body: unknown, nowMs: number, keptDays: number): ParsedEvent<EventV1> {
  const parsed = eventV1.safeParse(body)
  if (!parsed.success) return { ok: false, errors: sentencesOf(parsed.error, body) }
  const { title, text, date_happened, priority, host, alert_type, aggregation_key, source_type_name, device_name } = parsed.data
  const source = source_type_name ?? ''
  const named = [...(parsed.data.tags ?? []), ...pair('device', device_name), ...pair('source', source)]
  const at = date_happened === undefined || date_happened === null ? null : Math.round(date_happened * 1_000)
  const attributes = {
    title,
    ...(priority ? { priority } : {}),
    ...(aggregation_key ? { aggregation_key } : {}),
    ...(source === '' ? {} : { source_type_name: source }),
  }
  const entry = entryOf({
    at,
    nowMs,
    keptDays,
    place: 'date_happened',
    title,
    text,
    host,
    status: alert_type ?? 'info',
    tags: named,
    attributes,
  })
  return 'errors' in entry ? { ok: false, errors: entry.errors } : { ok: true, entry: entry.entry, posted: parsed.data }
}

export function parseEventV2(body: unknown, nowMs: number, keptDays: number): ParsedEvent<EventV2> {
  const parsed = eventV2.safeParse(body)
  if (!parsed.success) return { ok: false, errors: sentencesOf(parsed.error, body) }
  const posted = parsed.data.data.attributes
  const { category, title, message, timestamp, host, aggregation_key, integration_id } = posted
  const said = timestamp === undefined || timestamp === null ? null : Date.parse(timestamp)
  if (Number.isNaN(said)) return { ok: false, errors: ['data.attributes.timestamp: expected a time, as 2026-11-24T08:58:16Z'] }
  const more = posted.attributes ?? {}
  const status = typeof more.status === 'string' ? more.status.slice(0, 200).toLowerCase() : 'info'
  const attributes = { ...more, title, category, ...(aggregation_key ? { aggregation_key } : {}) }
  const named = [...(posted.tags ?? []), ...pair('source', integration_id)]
  const place = 'data.attributes.timestamp'
  const entry = entryOf({ at: said, nowMs, keptDays, place, title, text: message ?? '', host, status, tags: named, attributes })
  return 'errors' in entry ? { ok: false, errors: entry.errors } : { ok: true, entry: entry.entry, posted }
}

type Parts = Readonly<{
  /** Epoch ms; null = the sender didn't say. */
  at: number | null
  nowMs: number
  keptDays: number
  place: string
  title: string
  text: string
  host: string | null | undefined
  status: string
  tags: readonly string[]
  attributes: Readonly<Record<string, unknown>>
}>

function entryOf(parts: Parts): Readonly<{ entry: Entry } | { errors: readonly string[] }> {
  const { at, nowMs, keptDays, place, title, text, host, status, attributes } = parts
  const tags = normaliseTags(parts.tags)
  const late = at === null ? null : timeIssue(at, nowMs, keptDays, 'events')
  const errors = [...(tags.ok ? [] : [`tags: ${tags.reason}`]), ...(late === null ? [] : [`${place}: ${late}`])]
  if (errors.length > 0) return { errors }
  // People search for words of either, so the title is the message's first line.
  const message = text === '' ? title : `${title}\n${text}`
  const known = tags.ok ? tags.tags : []
  return { entry: { atMs: at ?? nowMs, timed: at !== null, message, status, service: '', host: host ?? '', tags: known, attributes } }
}

function pair(key: string, value: string | null | undefined): string[] {
  return value === undefined || value === null || value === '' ? [] : [`${key}:${value}`]
}
