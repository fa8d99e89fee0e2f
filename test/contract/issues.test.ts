/** What is wrong with what somebody sent, in words: which field, what is missing, what to give. Never the words of a library. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { parse } from '../../contract/parse.ts'

const shape = z.strictObject({
  name: z.string().min(1).max(3).optional(),
  kind: z.enum(['one', 'other']).optional(),
  on: z.boolean().optional(),
  many: z.array(z.int().min(1).max(9)).min(2).max(3).optional(),
  either: z.union([z.string(), z.number()]).optional(),
  form: z.union([z.null(), z.strictObject({ at: z.string() })]).optional(),
  own: z.string('expected what we say').optional(),
})
const needy = z.object({ name: z.string(), kind: z.enum(['one', 'other']), type: z.literal('x'), in: z.object({ at: z.number() }) })

test.each<[string, z.ZodType, unknown, string[]]>([
  ['no body', shape, undefined, ['body: missing: give an object']],
  ['a list instead', shape, [], ['body: expected an object, not a list']],
  [
    'fields that aren’t there',
    needy,
    { in: {} },
    ['name: missing: give a text', 'kind: missing: give one of "one", "other"', 'type: missing: give "x"', 'in.at: missing: give a number'],
  ],
  ['a wrong type', shape, { name: 5, on: 'yes' }, ['name: expected a text, not a number', 'on: expected true or false, not a text']],
  ['null', shape, { name: null }, ['name: expected a text, not null']],
  ['a wrong choice', shape, { kind: 'third' }, ['kind: expected one of "one", "other"']],
  ['an empty text', shape, { name: '' }, ['name: must not be empty']],
  ['a long text', shape, { name: 'long' }, ['name: must have at most 3 characters']],
  ['too few', shape, { many: [1] }, ['many: must have at least 2 entries']],
  ['too many', shape, { many: [1, 1, 1, 1] }, ['many: must have at most 3 entries']],
  ['too large and too small', shape, { many: [0, 10] }, ['many.0: must be at least 1', 'many.1: must be at most 9']],
  ['no whole number', shape, { many: [1.5, 2] }, ['many.0: expected a whole number']],
  ['none of several types', shape, { either: true }, ['either: expected a text or a number']],
  ['none of several forms: the closest counts', shape, { form: { at: 5 } }, ['form: at: expected a text, not a number']],
  ['unknown fields', shape, { surprise: 1 }, ["unknown field 'surprise'"]],
  ['where we say it ourselves', shape, { own: 5 }, ['own: expected what we say']],
])('%s', (_name, schema, input, errors) => {
  expect(parse(schema, input)).toEqual({ ok: false, errors })
})
