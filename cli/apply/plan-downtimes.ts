/** What must be done for downtimes. What a file leaves out stays as it is on the server. Pure. Read next: plan.ts. */
import { downtimeCreation } from '../../contract/downtime.ts'
import { sentencesOf } from '../../contract/issues.ts'
import type { Body, Desired, DesiredState } from './desired.ts'
import { isObject } from './desired.ts'
import { differencesWithin } from './difference.ts'
import type { Change, Plan, PlanOptions } from './plan.ts'
import { type Planned, planFrom } from './planned.ts'
import type { PresentState } from './present.ts'
import { markedMessage, type PresentDowntime } from './present-downtimes.ts'

export function planDowntimes(desired: DesiredState, present: PresentState, { prune, prefix, nowMs }: PlanOptions): Plan {
  const byKey = new Map(present.downtimes.map((downtime) => [downtime.key, downtime]))
  const ids = new Map(present.monitors.map(({ key, id }) => [key, id]))
  const coming = new Set(desired.monitors.map(({ key }) => key))
  const { changes, errors } = planFrom(
    desired.downtimes.map((one) => planDowntime(one, byKey.get(one.key) ?? null, { ids, coming, nowMs })),
  )
  const wanted = new Set(desired.downtimes.map(({ key }) => key))
  const gone = prune ? present.downtimes.filter(({ key, kept }) => kept && key.startsWith(prefix) && !wanted.has(key)) : []
  return { changes: [...changes, ...gone.map(cancellation)], errors }
}

type Known = Readonly<{ ids: ReadonlyMap<string, number>; coming: ReadonlySet<string>; nowMs: number }>

function planDowntime(desired: Desired, there: PresentDowntime | null, known: Known): Planned {
  const { key, place } = desired
  const attributes = downtimeBody(desired, known.ids)
  const missing = monitorKeyOf(desired.body)
  if (missing !== null && !known.ids.has(missing) && !known.coming.has(missing)) {
    return { errors: [`${place}: monitor_identifier.monitor_key: no monitor is kept under the key ${missing}`] }
  }
  const parsed = parseAttributes(attributes)
  if ('errors' in parsed) return { errors: parsed.errors.map((error) => `${place}: ${error}`) }
  const change = { kind: 'downtime', key, place, name: String(desired.body.scope ?? ''), body: desired.body } as const
  if (there === null) return { ...change, action: isOver(parsed.value, known.nowMs) ? 'over' : 'create', id: null, changes: [] }
  const before = parseAttributes(there.attributes)
  const changes = differencesWithin('errors' in before ? there.attributes : before.value, parsed.value)
  const action = changes.length > 0 ? 'update' : there.kept ? 'unchanged' : 'adopt'
  return { ...change, action, id: there.id, changes }
}

/** As the API takes it: `monitor_key` becomes an id, and is left as 1 while there is none. */
export function downtimeBody({ body }: Desired, ids: ReadonlyMap<string, number>): Body {
  const key = monitorKeyOf(body)
  return key === null ? body : { ...body, monitor_identifier: { monitor_id: ids.get(key) ?? 1 } }
}

/** As it is sent: with the key at the end of the message. */
export function sentDowntime(key: string, body: Body): Body {
  const message = typeof body.message === 'string' ? body.message : null
  return { ...body, message: markedMessage(message, key) }
}

function monitorKeyOf({ monitor_identifier: identifier }: Body): string | null {
  return isObject(identifier) && typeof identifier.monitor_key === 'string' ? identifier.monitor_key : null
}

function parseAttributes(attributes: Body): Readonly<{ value: Body } | { errors: readonly string[] }> {
  const body = { data: { type: 'downtime', attributes } }
  const parsed = downtimeCreation.safeParse(body)
  if (!parsed.success) return { errors: sentencesOf(parsed.error, body).map((error) => error.replace(/^data\.attributes\./, '')) }
  const { status: _status, created: _created, modified: _modified, canceled: _canceled, ...value } = parsed.data.data.attributes
  return { value: { ...value, ...(value.schedule ? { schedule: withoutEcho(value.schedule) } : {}) } }
}

function withoutEcho(schedule: Body): Body {
  const { current_downtime: _current, ...rest } = schedule
  return rest
}

/** A downtime that comes once, in a file that outlives it. */
function isOver({ schedule }: Body, nowMs: number): boolean {
  return isObject(schedule) && typeof schedule.end === 'number' && schedule.end <= nowMs
}

function cancellation({ key, id, attributes }: PresentDowntime): Change {
  return { kind: 'downtime', action: 'delete', key, id, name: String(attributes.scope ?? ''), place: null, changes: [], body: attributes }
}
