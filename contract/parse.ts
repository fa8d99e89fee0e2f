/**
 * From a request to something that may be stored, or sentences about all that is wrong with it.
 * Never throws, never touches a database. Read next: monitor.ts, check.ts.
 */
import type { z } from 'zod'
import { checkDefinition } from './check.ts'
import { sentencesOf } from './issues.ts'
import { createBody, type MonitorDefinition, updateBody } from './monitor.ts'
import { withDefaults } from './options.ts'
import { isMetricType, type MonitorType } from './types.ts'

export type Parsed<Value> = Readonly<{ ok: true; value: Value } | { ok: false; errors: readonly string[] }>

export type Schema = z.ZodType
export type Output<Shape extends Schema> = z.output<Shape>

/** Any schema, with our sentences for what is wrong. */
export function parse<Shape extends Schema>(shape: Shape, input: unknown): Parsed<Output<Shape>> {
  const parsed = shape.safeParse(input)
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, errors: sentencesOf(parsed.error, input) }
}

/** A whole definition: what a client creates. */
export function parseDefinition(body: unknown): Parsed<MonitorDefinition> {
  const parsed = parse(createBody, body)
  return parsed.ok ? checked(normalised(parsed.value)) : parsed
}

/** A change: top-level fields left out keep their value, options are replaced as a whole, the type stays. */
export function parseChange(body: unknown, current: MonitorDefinition): Parsed<MonitorDefinition> {
  const parsed = parse(updateBody, body)
  if (!parsed.ok) return parsed
  const { type, ...changes } = parsed.value
  if (type !== undefined && !sameType(type, current.type)) {
    return { ok: false, errors: [`type: a monitor of type ${current.type} can’t become ${type}: create another one`] }
  }
  const next = { ...current, ...definedOf(changes), type: current.type }
  return checked(normalised(next))
}

type Written = Omit<MonitorDefinition, 'assets'> &
  Readonly<{ assets: readonly (Pick<MonitorDefinition['assets'][number], 'name' | 'url' | 'category'> & AssetExtras)[] }>

type AssetExtras = Readonly<{
  resource_key?: string | null | undefined
  resource_type?: 'notebook' | null | undefined
  template_variables?: Readonly<Record<string, unknown>> | null | undefined
  options?: Readonly<Record<string, unknown>> | null | undefined
}>

function normalised(written: Written): MonitorDefinition {
  const { name, query, message, tags, priority, restricted_roles, draft_status } = written
  const type = echoedType(written.type, query)
  const assets = written.assets.map((asset) => ({
    name: asset.name,
    url: asset.url,
    category: asset.category,
    template_variables: asset.template_variables ?? {},
    options: asset.options ?? {},
    resource_key: asset.resource_key ?? null,
    resource_type: asset.resource_type ?? null,
  }))
  const options = withDefaults(type, written.options)
  return { type, name, query, message, tags, priority, restricted_roles, options, draft_status, assets }
}

function checked(definition: MonitorDefinition): Parsed<MonitorDefinition> {
  const errors = checkDefinition(definition)
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: definition }
}

/**
 * `metric alert` and `query alert` are one type with two names. Datadog keeps the posted name, except that formulas are
 * metric alerts and calendar months query alerts (as recorded).
 */
function echoedType(type: MonitorType, query: string): MonitorType {
  if (type === 'query alert' && /^\s*formula\(/.test(query)) return 'metric alert'
  if (type === 'metric alert' && /\(\s*current_1mo\s*\)/.test(query)) return 'query alert'
  return type
}

function sameType(one: MonitorType, other: MonitorType): boolean {
  return one === other || (isMetricType(one) && isMetricType(other))
}

type Fields = Omit<Written, 'type'>

/** The fields that were sent, without those that we set ourselves. */
function definedOf(sent: { readonly [Name in keyof Fields]?: Fields[Name] | undefined }): Partial<Fields> {
  const { name, query, message, tags, priority, restricted_roles, options, draft_status, assets } = sent
  return {
    ...(name === undefined ? {} : { name }),
    ...(query === undefined ? {} : { query }),
    ...(message === undefined ? {} : { message }),
    ...(tags === undefined ? {} : { tags }),
    ...(priority === undefined ? {} : { priority }),
    ...(restricted_roles === undefined ? {} : { restricted_roles }),
    ...(options === undefined ? {} : { options }),
    ...(draft_status === undefined ? {} : { draft_status }),
    ...(assets === undefined ? {} : { assets }),
  }
}
