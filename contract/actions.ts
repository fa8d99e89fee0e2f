/**
 * Bodies of the requests that act on a monitor: mute, unmute, resolve, ack, unack.
 * Read next: api/routes/actions.ts.
 */
import { z } from 'zod'
import { groupKey, parseGroupKey } from '../core/monitor/group.ts'
import { identifierCharsMax, noteCharsMax, resolveGroupsMax, scopeCharsMax } from './bounds.ts'

/** `*`, or tags joined by commas: each `key:value`. */
const scope = z
  .string()
  .trim()
  .min(1)
  .max(scopeCharsMax)
  .regex(/^(\*|[^\s,:][^,:]*:[^,]+(,\s*[^\s,:][^,:]*:[^,]+)*)$/, 'expected * or tags like env:prod,host:web-1')
  .transform((text) =>
    text
      .split(',')
      .map((tag) => tag.trim())
      .join(','),
  )

/** Datadog's older clients send a list of tags, and an empty one for no scope. */
const scopeOrList = z.preprocess(
  (value) => (Array.isArray(value) && value.every((tag) => typeof tag === 'string') ? value.join(',') || undefined : value),
  scope.nullish(),
)

export const muteBody = z.strictObject({
  scope: scopeOrList.transform((value) => value ?? '*'),
  /** Epoch seconds; null = until unmuted. */
  end: z
    .int()
    .positive()
    .nullish()
    .transform((value) => value ?? null),
  /** Datadog's: replace an existing mute. Ours always does. */
  override: z.boolean().optional(),
})

export const unmuteBody = z.strictObject({
  scope: scopeOrList.transform((value) => value ?? null),
  all_scopes: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
})

/** Of requests that say all by their path. */
export const noBody = z.strictObject({})

export const resolveBody = z.strictObject({
  /** Group keys as in `state.groups`; absent = all. */
  groups: z.array(z.string().min(1).max(scopeCharsMax)).min(1).max(resolveGroupsMax).optional(),
})

/** The tags of a group in any order; `*` = all groups. */
const groupName = z
  .string()
  .trim()
  .min(1)
  .max(scopeCharsMax)
  .transform((text) => groupKey(parseGroupKey(text)))

const named = { group: groupName.optional(), groups: z.array(groupName).min(1).max(resolveGroupsMax).optional() }

type Named = Readonly<{ group?: string | undefined; groups?: readonly string[] | undefined }>

const whichMessage = 'say which: group ("*" for all that is not OK), or groups, a list'

/** `*`, or the groups in their order. */
function groupsOf({ group, groups }: Named): '*' | readonly string[] {
  const names = groups ?? (group === undefined ? [] : [group])
  return names.includes('*') ? '*' : names
}

function isNamed({ group, groups }: Named): boolean {
  return (group === undefined) !== (groups === undefined)
}

const until = z
  .union([
    z
      .int()
      .positive()
      .transform((seconds) => seconds * 1_000),
    z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  ])
  .nullish()
  .transform((value) => value ?? null)

export const ackBody = z
  .strictObject({
    ...named,
    /** Who knows of it; left out = the key's name. */
    by: z.string().trim().min(1).max(identifierCharsMax).optional(),
    /** Epoch seconds, or ISO 8601 with its zone; left out = until the status changes. In ms afterwards. */
    until,
    note: z
      .string()
      .trim()
      .max(noteCharsMax)
      .nullish()
      .transform((text) => text || null),
  })
  .refine(isNamed, { path: ['group'], message: whichMessage })
  .transform(({ group, groups, ...said }) => ({ ...said, groups: groupsOf({ group, groups }) }))

export const unackBody = z
  .strictObject(named)
  .refine(isNamed, { path: ['group'], message: whichMessage })
  .transform((said) => ({ groups: groupsOf(said) }))
