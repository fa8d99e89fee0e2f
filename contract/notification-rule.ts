/**
 * Notification rules as the API has them: Datadog's JSON:API shapes. Fields that clients echo back are taken and change nothing.
 * Never decides what a change leaves as it was: api/notification-rules/change.ts does. Read next: core/notification-rules/rule.ts.
 */
import { z } from 'zod'
import { findHandles } from '../core/message/handles.ts'
import { keyAndValue, ruleScopeCharsMax } from '../core/notification-rules/rule.ts'
import { unmetName } from '../core/notification-rules/transition-types.ts'
import { parseScope } from '../core/query/scope.ts'
import { identifierCharsMax, nameCharsMax, tagCharsMax } from './bounds.ts'

/** Recipients of one list: Datadog's limit for a rule. */
const recipientsMax = 50
/** Cases that a person tells apart. */
const conditionsMax = 20
/** Tags of a filter: all must match, so more only make it narrower. */
const filterTagsMax = 50
/** What is gathered for longer than a day is no alert any more. */
const bundleSecondsMax = 86_400

/** As in a message, without the @. One that begins with it is refused in Datadog's words: see `recipientErrors`. */
const recipient = z
  .string()
  .trim()
  .min(1)
  .max(identifierCharsMax)
  .refine((text) => text.startsWith('@') || isHandle(text), 'expected a handle as in a message, without its @: slack-ops, user@example.com')

const recipients = z
  .array(recipient, 'expected a list of handles')
  .min(1, 'expected at least one recipient')
  .max(recipientsMax)
  .transform((given) => [...new Set(given)])

const scope = z
  .string('expected a scope such as env:prod AND NOT service:test')
  .trim()
  .min(1, 'expected a scope such as env:prod, or * for everything')
  .superRefine((text, context) => {
    const parsed = parseScope(text, ruleScopeCharsMax)
    const message = parsed.ok ? unmetName(parsed.scope) : parsed.error.message
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

const filterTag = z
  .string()
  .trim()
  .min(1)
  .max(tagCharsMax)
  .superRefine((text, context) => {
    const message = unmetName({ kind: 'tag', ...keyAndValue(text) })
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

const filter = z
  .strictObject(
    {
      tags: z
        .array(filterTag)
        .min(1, 'expected at least one tag')
        .max(filterTagsMax)
        .transform((tags) => [...new Set(tags)])
        .optional(),
      scope: scope.optional(),
    },
    'expected {"tags": ["team:shop"]} or {"scope": "env:prod"}',
  )
  .refine(({ tags, scope: text }) => (tags === undefined) !== (text === undefined), 'expected either tags or scope')

const conditionalRecipients = z.strictObject({
  conditions: z.array(z.strictObject({ scope, recipients })).min(1, 'expected at least one condition').max(conditionsMax),
  /** Where no condition holds. */
  fallback_recipients: recipients.nullish(),
})

const written = {
  name: z.string().trim().min(1).max(nameCharsMax),
  filter,
  recipients: recipients.nullish(),
  conditional_recipients: conditionalRecipients.nullish(),
  /** Seconds. */
  bundle_config: z.strictObject({ duration: z.int().min(1).max(bundleSecondsMax) }).nullish(),
  created: z.unknown().optional(),
  modified: z.unknown().optional(),
  created_at: z.unknown().optional(),
  modified_at: z.unknown().optional(),
  creator_uuid: z.unknown().optional(),
}

const type = z.literal('monitor-notification-rule', 'expected "monitor-notification-rule"').optional()
const echoed = { relationships: z.unknown().optional() }
const notBoth = 'recipients and conditional_recipients exclude each other: use one of them'

export const ruleCreation = z.strictObject({
  data: z.strictObject({
    ...echoed,
    type,
    attributes: z
      .strictObject(written)
      .refine((rule) => !(isGiven(rule.recipients) && isGiven(rule.conditional_recipients)), notBoth)
      .refine(
        (rule) => isGiven(rule.recipients) || isGiven(rule.conditional_recipients),
        'expected recipients, or conditional_recipients: a rule without either tells nobody',
      ),
  }),
})

export const ruleUpdate = z.strictObject({
  data: z.strictObject({
    ...echoed,
    type,
    id: z.string().max(identifierCharsMax).optional(),
    attributes: z
      .strictObject({ ...written, name: written.name.optional(), filter: filter.optional() })
      .refine((rule) => !(isGiven(rule.recipients) && isGiven(rule.conditional_recipients)), notBoth),
  }),
})

export type RuleAttributes = z.output<typeof ruleUpdate>['data']['attributes']

/** What Datadog refuses in words of its own. */
export function recipientErrors(handles: readonly string[]): readonly string[] {
  return handles.some((handle) => handle.startsWith('@')) ? ["Invalid recipients: Recipient handle should not start with '@'"] : []
}

function isHandle(text: string): boolean {
  const [found] = findHandles(`@${text}`)
  return found?.name === text
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
