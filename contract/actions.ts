/**
 * Bodies of the requests that act on a monitor: mute, unmute, resolve.
 * Read next: api/routes/actions.ts.
 */
import { z } from 'zod'
import { resolveGroupsMax, scopeCharsMax } from './bounds.ts'

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

export const muteBody = z.strictObject({
  scope: scope.nullish().transform((value) => value ?? '*'),
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
  scope: scope.nullish().transform((value) => value ?? null),
  all_scopes: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
})

export const resolveBody = z.strictObject({
  /** Group keys as in `state.groups`; absent = all. */
  groups: z.array(z.string().min(1).max(scopeCharsMax)).min(1).max(resolveGroupsMax).optional(),
})
