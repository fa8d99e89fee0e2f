/**
 * Policies as clients write them: which tags a monitor must have and which values they may take, and how long a downtime may last.
 * Never looks at anything stored: what is wrong is said of tags and of a plan alone. Read next: api/routes/policies.ts.
 */
import { z } from 'zod'
import { type DowntimePlan, durationMsOf, durationText } from '../core/downtime/plan.ts'
import { downtimeYearsEndMs, identifierCharsMax, tagCharsMax } from './bounds.ts'

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

/** A second at least: a downtime has whole ones. Longer than all years that downtimes lie in bounds nothing. */
const bounded = { max_duration_ms: z.int().min(1_000).max(downtimeYearsEndMs) }

export const policyCreation = z.strictObject({
  data: z.strictObject({
    ...data,
    attributes: z.discriminatedUnion('policy_type', [
      z.strictObject({ policy_type: z.literal('tag'), policy: z.strictObject(written) }),
      z.strictObject({ policy_type: z.literal('downtime'), policy: z.strictObject(bounded) }),
    ]),
  }),
})

/** What is left out stays. */
export const policyUpdate = z.strictObject({
  data: z.strictObject({
    ...data,
    attributes: z.discriminatedUnion('policy_type', [
      z.strictObject({ policy_type: z.literal('tag'), policy: z.strictObject(written).partial() }),
      z.strictObject({ policy_type: z.literal('downtime'), policy: z.strictObject(bounded).partial() }),
    ]),
  }),
})

/** The longest that a downtime, or an occurrence of one that comes again, may last. */
export type DowntimePolicy = Readonly<{ max_duration_ms: number }>

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

/** What is wrong with how long a downtime lasts; empty = nothing is. Of one that comes again each occurrence counts by itself. */
export function downtimePolicyErrors({ startMs, endMs, recurrences }: DowntimePlan, { max_duration_ms: maxMs }: DowntimePolicy): string[] {
  const bound = `a policy lets downtimes last ${durationText(maxMs)} at most`
  if (recurrences.length > 0) {
    const long = recurrences.filter(({ duration }) => (durationMsOf(duration) ?? 0) > maxMs)
    return long.map(({ duration }) => `duration: ${bound}, and this one comes for ${duration}`)
  }
  if (endMs === null) return [`end: ${bound}, and this one would have no end`]
  return endMs - startMs > maxMs ? [`end: ${bound}, and this one would last ${durationText(endMs - startMs)}`] : []
}

function isValid(value: string, { valid_tag_values: valid }: TagPolicy): boolean {
  return valid.length === 0 || valid.some((one) => one === '*' || one.toLowerCase() === value.toLowerCase())
}

function valuesOf(tags: readonly string[], key: string): string[] {
  const prefix = `${key.toLowerCase()}:`
  return tags.flatMap((tag) => (tag.toLowerCase().startsWith(prefix) ? [tag.slice(prefix.length)] : []))
}
