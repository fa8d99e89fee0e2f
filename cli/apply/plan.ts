/**
 * What must be done so that the server has what files say. Pure: it asks nobody and changes nothing.
 * Read next: plan-downtimes.ts, plan-receivers.ts, execute.ts, show.ts.
 */
import type { MonitorDefinition } from '../../contract/monitor.ts'
import { parseDefinition } from '../../contract/parse.ts'
import type { Body, Desired, DesiredState } from './desired.ts'
import { differences, type FieldChange } from './difference.ts'
import { inOrder, withIds } from './members.ts'
import { planDowntimes } from './plan-downtimes.ts'
import { planReceivers, type Variables } from './plan-receivers.ts'
import { planRules } from './plan-rules.ts'
import { type Planned, planFrom } from './planned.ts'
import type { PresentMonitor, PresentState } from './present.ts'

export type Kind = 'monitor' | 'downtime' | 'receiver' | 'rule'

/**
 * `adopt`: as it should be, and kept under its key from now on. `over`: nothing is to be done any more. `id` is null where there is
 * none yet; `body` is what is sent.
 */
export type Action = 'create' | 'update' | 'adopt' | 'delete' | 'unchanged' | 'over'

export type Change = Readonly<{
  kind: Kind
  action: Action
  key: string
  id: number | string | null
  name: string
  place: string | null
  changes: readonly FieldChange[]
  body: Body
}>

/** In the order in which it is to be done. `errors`: what is wrong with the files; then nothing is. */
export type Plan = Readonly<{ changes: readonly Change[]; errors: readonly string[] }>

/** `prefix`: with `prune` only what is kept under keys that begin with it goes. */
export type PlanOptions = Readonly<{ prune: boolean; prefix: string; nowMs: number; variables: Variables }>

export function planOf(desired: DesiredState, present: PresentState, options: PlanOptions): Plan {
  const receivers = planReceivers(desired.receivers, present.receivers, options.variables)
  const rules = planRules(desired.rules, present.rules, options)
  const monitors = planMonitors(desired.monitors, present.monitors, options)
  const downtimes = planDowntimes(desired, present, options)
  return {
    // Receivers are there before somebody names them, monitors before their downtimes; what goes, goes last.
    changes: [receivers, rules, monitors, downtimes]
      .flatMap(({ changes }) => changes)
      .toSorted((one, other) => Number(one.action === 'delete') - Number(other.action === 'delete')),
    errors: [...desired.errors, ...receivers.errors, ...rules.errors, ...monitors.errors, ...downtimes.errors],
  }
}

/** Nothing would be another than it is. */
export function isEmpty({ changes }: Plan): boolean {
  return changes.every(({ action }) => action === 'unchanged' || action === 'adopt' || action === 'over')
}

function planMonitors(desired: readonly Desired[], present: readonly PresentMonitor[], { prune, prefix }: PlanOptions): Plan {
  const byKey = new Map(present.map((monitor) => [monitor.key, monitor]))
  const ids = new Map(present.map(({ key, id }) => [key, id]))
  const wanted = new Set(desired.map(({ key }) => key))
  const { changes, errors } = planFrom(inOrder(desired).map((one) => planMonitor(one, byKey.get(one.key) ?? null, ids, wanted)))
  const gone = prune ? present.filter(({ key, kept }) => kept && key.startsWith(prefix) && !wanted.has(key)) : []
  return {
    changes: [
      ...changes,
      // Whoever names others goes before them.
      ...gone.toSorted((one, other) => Number(other.type === 'composite') - Number(one.type === 'composite')).map(deletion),
    ],
    errors,
  }
}

function planMonitor(
  desired: Desired,
  there: PresentMonitor | null,
  ids: ReadonlyMap<string, number>,
  wanted: ReadonlySet<string>,
): Planned {
  const { key, place } = desired
  const { body: resolved, missing } = withIds(desired, ids)
  const unknown = missing.filter((member) => !wanted.has(member))
  if (unknown.length > 0) return { errors: [`${place}: query: no monitor is kept under the key ${unknown.join(', ')}`] }
  const body = withMutes(resolved, there)
  const parsed = parseDefinition(body)
  if (!parsed.ok) return { errors: parsed.errors.map((error) => `${place}: ${error}`) }
  const change = { kind: 'monitor', key, place, name: parsed.value.name, body: desired.body } as const
  if (there === null) return { ...change, action: 'create', id: null, changes: [] }
  const changes = differences(definitionOf(there), { ...parsed.value })
  // The name of a type may be written in two ways.
  const told = changes.filter(({ field, from, to }) => field !== 'type' || !isMetric(from) || !isMetric(to))
  const retyped = told.find(({ field }) => field === 'type')
  if (retyped !== undefined) {
    return { errors: [`${place}: type: monitor ${there.id} is a ${there.type}, and can’t become another: use another key`] }
  }
  const action = told.length > 0 ? 'update' : there.kept ? 'unchanged' : 'adopt'
  return { ...change, action, id: there.id, changes: told, body: withMutes(desired.body, there) }
}

/** Mutes by people stay, unless the file says something about them. */
function withMutes(body: Body, there: PresentMonitor | null): Body {
  const options = { ...objectOf(body.options) }
  const silenced = objectOf(there?.body.options).silenced
  return silenced === undefined || 'silenced' in options ? body : { ...body, options: { ...options, silenced } }
}

function objectOf(value: unknown): Body {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** What the server has, in the form in which files are compared; as it stands, where this version can't read it. */
function definitionOf({ body }: PresentMonitor): Body {
  const parsed = parseDefinition(body)
  const definition: MonitorDefinition | Body = parsed.ok ? parsed.value : body
  return { ...definition }
}

const isMetric = (type: unknown): boolean => type === 'metric alert' || type === 'query alert'

function deletion({ key, id, name, body }: PresentMonitor): Change {
  return { kind: 'monitor', action: 'delete', key, id, name, place: null, changes: [], body }
}
