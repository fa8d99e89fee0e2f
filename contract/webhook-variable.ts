/** Variables of one's own for webhooks, as Datadog's API has them. */
import { z } from 'zod'
import { isBuiltInVariable } from '../core/message/payload-values.ts'

/** A key, a part of a JSON payload: some kilobytes. */
const valueCharsMax = 8_192

const name = z
  .string('expected a text')
  .regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'expected capital letters, digits and _, beginning with a letter, 100 at most')
  .refine((text) => !isBuiltInVariable(text), 'this name is built in: take another one')

const value = z
  .string('expected a text')
  .max(valueCharsMax)
  .refine((text) => !text.includes('\0') && text.isWellFormed(), 'text must not contain the NUL character or half a character')

export const variableCreation = z.strictObject({ name, value, is_secret: z.boolean('expected true or false').default(false) })

/** What is left out keeps its value. */
export const variableUpdate = z.strictObject({
  name: name.optional(),
  value: value.optional(),
  is_secret: z.boolean('expected true or false').optional(),
})
