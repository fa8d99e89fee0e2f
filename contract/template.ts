/**
 * Templates of monitors as clients write them: a definition with variables, whose names may stand in its texts.
 * Read next: api/routes/templates.ts.
 */
import { z } from 'zod'
import { identifierCharsMax, messageCharsMax, nameCharsMax, tagCharsMax, tagsMax } from './bounds.ts'
import { type Parsed, parseDefinition } from './parse.ts'

/** Templates of one organisation: a list is answered whole. */
export const templatesMax = 1_000
const variablesMax = 50
const valuesMax = 1_000

const values = z.array(z.string().max(tagCharsMax)).max(valuesMax)

const variable = z.strictObject({
  name: z.string().trim().min(1).max(tagCharsMax),
  tag_key: z.string().max(tagCharsMax).optional(),
  available_values: values.optional(),
  defaults: values.optional(),
})

const attributes = z.strictObject({
  title: z.string().trim().min(1).max(nameCharsMax),
  description: z.string().max(messageCharsMax).nullish(),
  tags: z.array(z.string().trim().min(1).max(tagCharsMax)).max(tagsMax),
  template_variables: z.array(variable).max(variablesMax).optional(),
  monitor_definition: z.record(z.string(), z.unknown()),
})

/** The id may be sent in the body too, also an empty one: the path counts. */
export const templateBody = z.strictObject({
  data: z.strictObject({ type: z.literal('monitor-user-template'), id: z.string().max(identifierCharsMax).optional(), attributes }),
})

export type TemplateAttributes = z.infer<typeof attributes>

/** Sentences about a definition that no monitor could be made of, with the variables' first values; empty = one can. */
export function templateErrors({
  monitor_definition: definition,
  template_variables: variables = [],
}: TemplateAttributes): readonly string[] {
  const { query } = definition
  const filled = typeof query === 'string' ? { ...definition, query: filledIn(query, variables) } : definition
  const parsed: Parsed<unknown> = parseDefinition(filled)
  return parsed.ok ? [] : parsed.errors.map((error) => `data.attributes.monitor_definition: ${error}`)
}

/** As on dashboards: `$env` is the whole tag, `$env.value` its value. */
function filledIn(query: string, variables: readonly z.infer<typeof variable>[]): string {
  const named = new Map(variables.map((one) => [one.name, one]))
  return query.replace(/\$([A-Za-z0-9_-]+)(\.value)?/g, (text, name: string, valueOnly: string | undefined) => {
    const found = named.get(name)
    if (found === undefined) return text
    const value = found.defaults?.[0] ?? found.available_values?.[0] ?? '*'
    return valueOnly !== undefined || value === '*' ? value : `${found.tag_key ?? name}:${value}`
  })
}
