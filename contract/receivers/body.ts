/**
 * A receiver as it is posted, changed and written in a file: name, kind, configuration, policy.
 * Never says a value in an error: much of a configuration is secret. Read next: index.ts, policy.ts.
 */
import { z } from 'zod'
import type { DeliveryPolicy } from '../../core/delivery/policy.ts'
import { sentencesOf } from '../issues.ts'
import type { Parsed } from '../parse.ts'
import { opensIncidents, receiverKindOf, receiverKinds } from './index.ts'
import { receiverName } from './name.ts'
import { policyBody, storedPolicy, writtenPolicy } from './policy.ts'

/** As it is stored: the configuration as its kind has it, with secrets. */
export type ReceiverDefinition = Readonly<{
  name: string
  kind: string
  config: Readonly<Record<string, unknown>>
  policy: Partial<DeliveryPolicy>
}>

const record = z.record(z.string(), z.unknown(), 'expected an object')
const kindNames = receiverKinds.map(({ kind }) => kind)

export const receiverCreation = z.strictObject({
  name: receiverName.refine((name) => name !== 'log', 'the receiver log is always there: take another name'),
  kind: z.enum(kindNames, `expected one of ${kindNames.join(', ')}`),
  config: record,
  policy: policyBody.nullish(),
})

/** What is left out keeps its value, in the configuration and the policy, too; null takes it away. */
export const receiverChange = z.strictObject({
  name: z.string('expected a text').optional(),
  kind: z.string('expected a text').optional(),
  config: record.optional(),
  policy: record.nullish(),
})

/** What a file holds. */
export const receiversFile = z.strictObject({ receivers: z.array(z.unknown()).max(1_000) })

export function parseReceiver(body: unknown): Parsed<ReceiverDefinition> {
  const parsed = receiverCreation.safeParse(body)
  if (!parsed.success) return { ok: false, errors: sentencesOf(parsed.error, body) }
  const { name, kind: kindName, policy } = parsed.data
  const kind = receiverKindOf(kindName)
  if (kind === null) return { ok: false, errors: [`kind: expected one of ${kindNames.join(', ')}`] }
  const config = z.object({ config: kind.config }).safeParse({ config: parsed.data.config })
  if (!config.success) return { ok: false, errors: sentencesOf(config.error, { config: parsed.data.config }) }
  const stored = storedPolicy(policy ?? {})
  const problems = [...unstorable(config.data.config), ...wrongPolicy(name, kindName, stored)]
  if (problems.length > 0) return { ok: false, errors: problems }
  return { ok: true, value: { name, kind: kindName, config: record.parse(config.data.config), policy: stored } }
}

/** The receiver that a change makes of one. */
export function parseReceiverChange(current: ReceiverDefinition, body: unknown): Parsed<ReceiverDefinition> {
  const parsed = receiverChange.safeParse(body)
  if (!parsed.success) return { ok: false, errors: sentencesOf(parsed.error, body) }
  const { name = current.name, kind = current.kind, config, policy } = parsed.data
  if (name !== current.name) return { ok: false, errors: ['name: a receiver keeps its name: create another one'] }
  if (kind !== current.kind) return { ok: false, errors: ['kind: a receiver keeps its kind: create another one'] }
  const next = {
    name,
    kind,
    config: merged(current.config, config),
    policy: policy === null ? {} : merged(writtenPolicy(current.policy), policy),
  }
  const moved = movedSecrets(current, next.config, Object.keys(config ?? {}))
  if (moved !== null) return { ok: false, errors: [moved] }
  return parseReceiver(next)
}

/** Those fields of its configuration that are secret and set. */
export function secretsOf({ kind, config }: Pick<ReceiverDefinition, 'kind' | 'config'>): string[] {
  const secrets = receiverKindOf(kind)?.secrets ?? []
  return secrets.filter((field) => config[field] !== undefined && config[field] !== null && config[field] !== '').sort()
}

/** What must not stand in anything that is answered or logged: every text in a secret field, and what its variables stand for. */
export function secretTextsOf({ kind, config }: Pick<ReceiverDefinition, 'kind' | 'config'>): string[] {
  return [...secretsOf({ kind, config }).map((field) => config[field]), config.variables].flatMap(textsIn)
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** Names of fields, never a value: some are secret. */
export function changedFields(before: ReceiverDefinition, next: ReceiverDefinition): string[] {
  const flat = ({ config, policy }: ReceiverDefinition): Map<string, string> =>
    new Map([
      ...Object.entries(config).map(([name, value]): [string, string] => [`config.${name}`, JSON.stringify(value)]),
      ...Object.entries(writtenPolicy(policy)).map(([name, value]): [string, string] => [`policy.${name}`, JSON.stringify(value)]),
    ])
  const [one, other] = [flat(before), flat(next)]
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name)).sort()
}

/** What PostgreSQL refuses in JSON. */
function unstorable(config: unknown): string[] {
  const wrong = textsIn(config).some((text) => text.includes('\0') || !text.isWellFormed())
  return wrong ? ['config: text must not contain the NUL character or half a character'] : []
}

/** What the shape alone can't say; whether the fallback is there is asked of the store. */
function wrongPolicy(name: string, kind: string, { fallback, budget }: Partial<DeliveryPolicy>): string[] {
  return [
    ...(fallback?.receiver === name ? ['policy.fallback.receiver: a receiver can’t stand in for itself'] : []),
    ...(budget && opensIncidents(kind)
      ? [`policy.budget: ${kind} opens what has to be closed again, so nothing of it is put together`]
      : []),
  ]
}

/** Else whoever may edit a receiver could have its token sent to a machine of their own. */
function movedSecrets(current: ReceiverDefinition, next: Readonly<Record<string, unknown>>, given: readonly string[]): string | null {
  const secrets = receiverKindOf(current.kind)?.secrets ?? []
  const place = Object.keys({ ...current.config, ...next }).find(
    (field) => isPlace(field) && !secrets.includes(field) && isMoved(current.config[field], next[field]),
  )
  const kept = secretsOf(current).filter((field) => !given.includes(field))
  if (place === undefined || kept.length === 0) return null
  return `config.${place}: secrets aren't sent to another place unasked: give ${kept.join(', ')} again, or null`
}

const isPlace = (field: string): boolean => field === 'host' || field === 'url' || field === 'urls' || field.endsWith('_url')

/** To somewhere that wasn't told before; of several, leaving one out moves nothing. */
function isMoved(before: unknown, next: unknown): boolean {
  const [known, places] = [textsIn(before).map(placeOf), textsIn(next).map(placeOf)]
  return places.length === 0 ? known.length > 0 : places.some((place) => !known.includes(place))
}

function placeOf(text: string): string {
  const url = URL.parse(text)
  return url === null || url.host === '' ? text : `${url.protocol}//${url.host}`
}

function merged(
  current: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...current, ...changes }).filter(([, value]) => value !== null && value !== undefined))
}
