/**
 * Policies about monitors as clients write them: which tags a monitor must have, and which values they may take.
 * Never decides about a monitor: tagPolicyErrors does, of tags alone. Read next: api/policies/.
 */
import { z } from 'zod'
import { identifierCharsMax, tagCharsMax } from './bounds.ts'

/** Policies of one organisation: each is compared with each monitor that is written. */
export const policiesMax = 100
/** Values of one policy: what a person can choose from. */
const policyValuesMax = 1_000

const text = z.string().trim().min(1)

/** A key is a tag without its value. */
const tagKey = text.max(tagCharsMax).refine((key) => !key.includes(':'), 'a tag key has no colon')
const values = z.array(text.max(tagCharsMax)).max(policyValuesMax)

const written = { tag_key: tagKey, tag_key_required: z.boolean(), valid_tag_values: values }

/** Some clients send the id of what they change in the body too, some an empty one: the path counts. */
const data = { type: z.literal('monitor-config-policy'), id: z.string().max(identifierCharsMax).optional() }

export const policyCreation = z.strictObject({
  data: z.strictObject({ ...data, attributes: z.strictObject({ policy_type: z.literal('tag'), policy: z.strictObject(written) }) }),
})

/** What is left out stays. */
export const policyUpdate = z.strictObject({
  data: z.strictObject({
    ...data,
    attributes: z.strictObject({ policy_type: z.literal('tag'), policy: z.strictObject(written).partial() }),
  }),
})

export type TagPolicy = Readonly<{ tag_key: string; tag_key_required: boolean; valid_tag_values: readonly string[] }>

/** What is wrong with the tags of a monitor, in Datadog's words; empty = nothing is. Upper and lower case are the same. */
export function tagPolicyErrors(tags: readonly string[], policies: readonly TagPolicy[]): string[] {
  const missing = policies.filter((policy) => policy.tag_key_required && valuesOf(tags, policy.tag_key).length === 0)
  return [
    ...(missing.length === 0 ? [] : [`Missing required tag key(s): ${missing.map(({ tag_key: key }) => key).join(', ')}`]),
    ...policies.flatMap((policy) => {
      const wrong = valuesOf(tags, policy.tag_key).filter((value) => !isValid(value, policy))
      if (wrong.length === 0) return []
      return [`Invalid value(s) for tag key ${policy.tag_key}: ${wrong.join(', ')}: expected ${policy.valid_tag_values.join(', ')}`]
    }),
  ]
}

function isValid(value: string, { valid_tag_values: valid }: TagPolicy): boolean {
  return valid.length === 0 || valid.some((one) => one === '*' || one.toLowerCase() === value.toLowerCase())
}

function valuesOf(tags: readonly string[], key: string): string[] {
  const prefix = `${key.toLowerCase()}:`
  return tags.flatMap((tag) => (tag.toLowerCase().startsWith(prefix) ? [tag.slice(prefix.length)] : []))
}
