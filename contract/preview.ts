/**
 * The body of POST /api/v2/monitor/preview-notification: a definition, or the id of one, and what is to be taken as given.
 * Never renders. Read next: api/routes/preview.ts, core/message/preview.ts.
 */
import { z } from 'zod'
import type { MessageContext } from '../core/message/context.ts'
import { nameKind } from '../core/message/names.ts'
import { type Parsed, parse } from './parse.ts'

/** A query groups by few keys. */
const tagsMax = 50
/** A message names few things of a log. */
const variablesMax = 100
/** Keys of tags and names of attributes. */
const nameCharsMax = 200

const name = z.string().trim().min(1).max(nameCharsMax)
const tagText = z.string().regex(/^[^:]+:/, 'expected a tag as key:value')

export const previewBody = z
  .strictObject({
    /** As for POST /api/v1/monitor. */
    monitor: z.record(z.string(), z.unknown()).optional(),
    monitor_id: z.int().positive().optional(),
    tags: z
      .union([z.record(name, z.string()), z.array(tagText).max(tagsMax)], 'expected an object of keys and values, or a list of key:value')
      .transform((tags) => (Array.isArray(tags) ? Object.fromEntries(tags.map(keyAndValue)) : tags))
      .refine((tags) => Object.keys(tags).length <= tagsMax, `expected at most ${tagsMax} tags`)
      .optional(),
    value: z.number().optional(),
    variables: z
      .record(name, z.union([z.string(), z.number(), z.boolean(), z.null()], 'expected a text, a number, true, false or null'))
      .refine((variables) => Object.keys(variables).length <= variablesMax, `expected at most ${variablesMax} names`)
      .refine(
        areCarried,
        'expected names that come with what triggered, such as log.attributes.user: the engine’s own and tags are given by value and tags',
      )
      .optional(),
    markup: z.enum(['none', 'plain', 'html', 'slack', 'markdown']).optional(),
  })
  .refine(({ monitor, monitor_id: id }) => (monitor === undefined) !== (id === undefined), 'expected either monitor or monitor_id')

export type PreviewRequest = Readonly<{
  subject: { kind: 'definition'; body: Readonly<Record<string, unknown>> } | { kind: 'stored'; id: number }
  /** null = an example for each key of the query. */
  tags: Readonly<Record<string, string>> | null
  /** null = the threshold of each status. */
  value: number | null
  carried: MessageContext
  markup: 'none' | 'plain' | 'html' | 'slack' | 'markdown'
}>

export function parsePreview(body: unknown): Parsed<PreviewRequest> {
  const parsed = parse(previewBody, body)
  if (!parsed.ok) return parsed
  const { monitor, monitor_id: id, tags = null, value = null, variables = {}, markup = 'none' } = parsed.value
  const subject = id === undefined ? ({ kind: 'definition', body: monitor ?? {} } as const) : ({ kind: 'stored', id } as const)
  return { ok: true, value: { subject, tags, value, carried: variables, markup } }
}

function keyAndValue(tag: string): [string, string] {
  const colon = tag.indexOf(':')
  return [tag.slice(0, colon), tag.slice(colon + 1)]
}

function areCarried(variables: MessageContext): boolean {
  return Object.keys(variables).every((variable) => nameKind(variable) === 'carried' || nameKind(variable) === 'unknown')
}
