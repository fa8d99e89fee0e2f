/** Query parameters of the list of notification rules. Unknown ones are ignored, as Datadog does. Read next: api/notification-rules/list.ts. */
import { z } from 'zod'
import { nameCharsMax, pageSizeDefault, pageSizeMax, tagCharsMax, tagsMax } from './bounds.ts'
import { pageMax, whole } from './pages.ts'

/** The text of `filters` before it is read. */
const filtersCharsMax = 10_000

const words = z.array(z.string().trim().min(1).max(tagCharsMax)).max(tagsMax)

const filters = z
  .string()
  .max(filtersCharsMax)
  .transform((text, context) => {
    try {
      const value: unknown = JSON.parse(text)
      return value
    } catch {
      context.addIssue({ code: 'custom', message: 'expected JSON like {"tags": ["team:shop"]}' })
      return z.NEVER
    }
  })
  .pipe(z.strictObject({ text: z.string().max(nameCharsMax).optional(), tags: words.optional(), recipients: words.optional() }))

export const ruleInclude = z.object({
  include: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(['created_by'])).max(1))
    .default([]),
})

export const ruleListParameters = ruleInclude.extend({
  page: whole(0, pageMax).default(0),
  per_page: whole(1, pageSizeMax).default(pageSizeDefault),
  sort: z
    .string()
    .regex(/^(name|created_at):(asc|desc)$/, 'expected name:asc, name:desc, created_at:asc or created_at:desc')
    .default('created_at:asc'),
  filters: filters.default({}),
})

export type RuleListParameters = z.output<typeof ruleListParameters>
