/** A JSON schema as people read it: fields with their types, `?` where one may be left out, components as links. */
import { z } from 'zod'

const json = z.record(z.string(), z.unknown())
const shape = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(json).optional(),
  oneOf: z.array(json).optional(),
  allOf: z.array(json).optional(),
  items: json.optional(),
  prefixItems: z.array(json).optional(),
  properties: z.record(z.string(), json).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.union([z.boolean(), json]).optional(),
  description: z.string().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  default: z.unknown().optional(),
})
type Shape = z.output<typeof shape>

/** As HTML; deeper objects are indented. */
export function shapeHtml(schema: unknown, indent = 0): string {
  const parsed = shape.safeParse(schema)
  if (!parsed.success) return 'anything'
  const { description } = parsed.data
  return `${typeHtml(parsed.data, indent)}${noteOf(parsed.data)}${description === undefined ? '' : ` <span class="dim">— ${escaped(description)}</span>`}`
}

function typeHtml(parsed: Shape, indent: number): string {
  const { $ref: ref, enum: values, anyOf, oneOf, allOf, items, prefixItems, properties } = parsed
  if (ref !== undefined) return link(ref)
  if (values !== undefined) return values.map((value) => escaped(JSON.stringify(value))).join(' | ')
  if (parsed.const !== undefined) return escaped(JSON.stringify(parsed.const))
  const options = anyOf ?? oneOf ?? allOf
  if (options !== undefined) return options.map((option) => shapeHtml(option, indent)).join(allOf === undefined ? ' | ' : ' &amp; ')
  if (prefixItems !== undefined) return `[${prefixItems.map((item) => shapeHtml(item, indent)).join(', ')}]`
  if (items !== undefined) return `[ ${shapeHtml(items, indent)}, … ]`
  if (properties !== undefined) return objectHtml(properties, parsed.required ?? [], indent)
  if (typeof parsed.additionalProperties === 'object') return `{ …: ${shapeHtml(parsed.additionalProperties, indent)} }`
  if (parsed.type === undefined) return 'anything'
  return escaped([parsed.type].flat().join(' | '))
}

function objectHtml(properties: Readonly<Record<string, unknown>>, required: readonly string[], indent: number): string {
  const pad = '  '.repeat(indent + 1)
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      `${pad}${escaped(name)}${required.includes(name) ? '' : '<span class="dim">?</span>'}: ${shapeHtml(field, indent + 1)}`,
  )
  return fields.length === 0 ? '{}' : `{\n${fields.join('\n')}\n${'  '.repeat(indent)}}`
}

function noteOf({ minimum, maximum, minLength, maxLength, pattern, default: usual }: Shape): string {
  const notes = [
    rangeOf(minimum, maximum, ''),
    rangeOf(minLength, maxLength, ' characters'),
    ...(pattern === undefined ? [] : [`/${pattern}/`]),
    ...(usual === undefined ? [] : [`${JSON.stringify(usual)} if left out`]),
  ].filter((note) => note !== '')
  return notes.length === 0 ? '' : ` <span class="dim">(${escaped(notes.join(', '))})</span>`
}

function rangeOf(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return ''
  if (most === undefined) return `at least ${least}${unit}`
  return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`
}

function link(ref: string): string {
  const name = escaped(ref.replace('#/components/schemas/', ''))
  return `<a href="#shape-${name}">${name}</a>`
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
