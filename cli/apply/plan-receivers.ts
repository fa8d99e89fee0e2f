/**
 * What must be done for receivers. Secrets are never given out, so those that are set are not compared: they are sent with whatever
 * else changes. Receivers are never deleted by a plan: somebody may be told by them whose monitors are in no file. Pure.
 * Read next: plan.ts.
 */
import { parseReceiver } from '../../contract/receivers/body.ts'
import { receiverKindOf } from '../../contract/receivers/index.ts'
import { type Body, type Desired, isObject } from './desired.ts'
import { differencesWithin, type FieldChange } from './difference.ts'
import type { Plan } from './plan.ts'
import { type Planned, planFrom } from './planned.ts'
import type { PresentReceiver } from './present-receivers.ts'

/** null = it isn't set. */
export type Variables = (name: string) => string | null

export function planReceivers(desired: readonly Desired[], present: readonly PresentReceiver[], variables: Variables): Plan {
  const byName = new Map(present.map((receiver) => [receiver.name, receiver]))
  return planFrom(desired.map((one) => planReceiver(one, byName.get(one.key) ?? null, variables)))
}

function planReceiver(desired: Desired, there: PresentReceiver | null, variables: Variables): Planned {
  const { key, place } = desired
  const { body, unset } = filledIn(desired.body, there?.secrets ?? [], variables)
  if (unset.length > 0) return { errors: unset.map((name) => `${place}: the environment has no variable ${name}`) }
  const change = { kind: 'receiver', key, place, name: key, body } as const
  if (there === null) {
    const parsed = parseReceiver(body)
    return parsed.ok
      ? { ...change, action: 'create', id: null, changes: [] }
      : { errors: parsed.errors.map((error) => `${place}: ${error}`) }
  }
  const changes = differencesWithin(there.body, body).filter(
    ({ field }) => !there.secrets.some((name) => field.startsWith(`config.${name}`)),
  )
  if (changes.length > 0 && there.managedBy === 'file')
    return { errors: [`${place}: the receiver ${key} is kept by the server’s own file`] }
  return { ...change, action: changes.length > 0 ? 'update' : 'unchanged', id: key, changes: changes.map((one) => hidden(there.kind, one)) }
}

/** A plan is shown: it says that a secret comes, and not which. */
function hidden(kind: string, change: FieldChange): FieldChange {
  const isSecret = (receiverKindOf(kind)?.secrets ?? []).some((name) => change.field.startsWith(`config.${name}`))
  return isSecret ? { ...change, to: '(a secret)' } : change
}

/** `${NAME}` stands for a variable of the environment. A secret whose variable isn't set stays as it is, where it is set on the server. */
function filledIn(body: Body, kept: readonly string[], variables: Variables): Readonly<{ body: Body; unset: readonly string[] }> {
  const unset: string[] = []
  const config = Object.entries(isObject(body.config) ? body.config : {}).flatMap(([field, value]) => {
    const names = variablesIn(value).filter((name) => variables(name) === null)
    if (names.length > 0 && kept.includes(field)) return []
    unset.push(...names)
    return [[field, filled(value, variables)]]
  })
  return { body: { ...body, config: Object.fromEntries(config) }, unset }
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

function variablesIn(value: unknown): string[] {
  return [...(JSON.stringify(value) ?? '').matchAll(variable)].flatMap(([, name = '']) => name)
}

function filled(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return value.replaceAll(variable, (_text, name: string) => variables(name) ?? '')
  if (Array.isArray(value)) return value.map((one: unknown) => filled(one, variables))
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner, variables)])) : value
}
