/** What both versions of the API for downtimes write alike. Read next: downtime.ts, downtime-v1.ts. */
import { z } from 'zod'
import { endStates, endTypes } from '../core/downtime/plan.ts'
import { parseScope, scopeTextMax } from '../core/query/scope.ts'
import { messageCharsMax, tagCharsMax, tagsMax } from './bounds.ts'

/** A scope that can be read; what is wrong says where. */
export const scope = z
  .string('expected a scope such as *, host:a or env:(dev OR test) AND NOT host:b')
  .trim()
  .min(1, 'expected a scope such as *, or env:prod')
  .max(scopeTextMax)
  .superRefine((text, context) => {
    const parsed = parseScope(text)
    if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.error.message })
  })

/** Sorted, each once. `*` beside others says nothing more. */
export const monitorTags = z
  .array(z.string().trim().min(1).max(tagCharsMax))
  .min(1, 'expected at least one tag, or "*" for every monitor')
  .max(tagsMax)
  .transform((tags) => {
    const named = [...new Set(tags)].filter((tag) => tag !== '*').sort()
    return named.length === 0 ? ['*'] : named
  })

export const monitorId = z.int().positive()
export const message = z.string().trim().max(messageCharsMax).nullable()
export const notifyEndStates = z
  .array(z.enum(endStates))
  .max(endStates.length)
  .transform((given) => endStates.filter((state) => given.includes(state)))
export const notifyEndTypes = z
  .array(z.enum(endTypes))
  .max(endTypes.length)
  .transform((given) => endTypes.filter((type) => given.includes(type)))

/** As Datadog's. */
export const defaults = { notifyEndStates: [...endStates], notifyEndTypes: ['expired'] } as const satisfies Readonly<
  Record<string, readonly string[]>
>
