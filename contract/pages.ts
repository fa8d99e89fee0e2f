/**
 * Query parameters of lists. Unknown parameters are ignored, as Datadog does; known ones must be right.
 * Read next: api/routes/list.ts.
 */
import { z } from 'zod'
import {
  downtimePageDefault,
  externalKeyCharsMax,
  historyPageDefault,
  historyPageMax,
  nameCharsMax,
  pageSizeMax,
  scopeCharsMax,
  tagCharsMax,
  tagsMax,
} from './bounds.ts'

/** Pages start at 0; a million of them lie beyond any list. */
export const pageMax = 1_000_000

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'expected a whole number')
    .transform(Number)
    .refine((number) => number >= min && number <= max, `expected ${min} to ${max}`)

const flag = z
  .string()
  .regex(/^(true|false|1|0)$/i, 'expected true or false')
  .transform((text) => text === '1' || text.toLowerCase() === 'true')

export const storable = z.string().refine((text) => !text.includes('\u0000'), 'text must not contain the NUL character')

const tagList = storable
  .transform((text) =>
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  )
  .pipe(z.array(z.string().max(tagCharsMax)).max(tagsMax))

export const groupStateNames = ['all', 'alert', 'warn', 'no data', 'ok', 'ignored', 'skipped', 'unknown'] as const
export type GroupStateName = (typeof groupStateNames)[number]

const groupStates = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
  .pipe(z.array(z.enum(groupStateNames)).max(groupStateNames.length))

export const monitorParameters = z.object({
  group_states: groupStates.optional(),
  with_assets: flag.default(false),
  with_downtimes: flag.default(false),
  with_restricted_roles: flag.default(true),
})

/** Groups that aren't OK, of all monitors. */
export const firingParameters = z.object({
  status: groupStates.default(['alert', 'warn']),
  limit: whole(1, historyPageMax).default(historyPageMax),
})

export const listParameters = monitorParameters.extend({
  page: whole(0, pageMax).optional(),
  page_size: whole(1, pageSizeMax).optional(),
  /** Monitors with a greater id, in ascending order. */
  id_offset: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  name: storable.pipe(z.string().max(nameCharsMax)).optional(),
  tags: tagList.default([]),
  monitor_tags: tagList.default([]),
})

export type MonitorParameters = z.infer<typeof monitorParameters>
export type ListParameters = z.infer<typeof listParameters>

/** Transitions, evaluations and audit events: those before a sequence number, a slot (epoch ms), or an id. */
export const historyParameters = z.object({
  before: whole(1, Number.MAX_SAFE_INTEGER).optional(),
  limit: whole(1, historyPageMax).default(historyPageDefault),
})

/** Groups by key, those after `after`. */
export const groupParameters = z.object({
  group_states: groupStates.default(['all']),
  after: storable.pipe(z.string().max(scopeCharsMax)).default(''),
  limit: whole(1, historyPageMax).default(historyPageDefault),
})

export const deliveryParameters = z.object({
  /** As `next` of the page before: transition sequence and receiver. */
  before: storable
    .pipe(z.string().max(300))
    .transform((text) => /^(\d{1,15}):(.+)$/s.exec(text))
    .refine((match) => match !== null, 'expected the `next` of a page')
    .transform((match) => ({ sequence: Number(match?.[1]), receiver: match?.[2] ?? '' }))
    .optional(),
  limit: whole(1, historyPageMax).default(historyPageDefault),
})

/** Of lists of downtimes: offset and limit. */
export const downtimePage = z.object({
  'page[offset]': whole(0, Number.MAX_SAFE_INTEGER).default(0),
  'page[limit]': whole(1, pageSizeMax).default(downtimePageDefault),
})
export type DowntimePage = z.infer<typeof downtimePage>

/** Whose details are added. */
export const downtimeInclude = z.object({
  include: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(['created_by', 'monitor'])).max(2))
    .default([]),
})
export const downtimeListParameters = downtimePage.extend({ ...downtimeInclude.shape, current_only: flag.default(false) })
export const downtimeListParametersV1 = z.object({ current_only: flag.default(false) })

/** The name under which a file keeps its monitor. */
export const externalKey = z
  .string()
  .max(externalKeyCharsMax)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'expected letters, digits and . _ / - only')

/** Of a monitor that is to be kept under a key from now on. */
export const applyParameters = z.object({ adopt: whole(1, Number.MAX_SAFE_INTEGER).optional() })

const monitorIdText = /^[1-9]\d{0,15}$/

/** An id out of a path; null = no monitor can have it. */
export function parseMonitorId(text: string): number | null {
  const id = Number(text)
  return monitorIdText.test(text) && Number.isSafeInteger(id) ? id : null
}

export const templateParameters = z.object({ with_all_versions: flag.default(false) })

/** Of roles and users. */
export const lookupParameters = z.object({
  filter: storable.pipe(z.string().max(nameCharsMax)).optional(),
  'filter[id]': tagList.optional(),
  sort: z.string().max(tagCharsMax).optional(),
  'page[number]': whole(0, pageMax).default(0),
  'page[size]': whole(1, pageSizeMax).default(10),
})
export type Lookup = z.infer<typeof lookupParameters>
