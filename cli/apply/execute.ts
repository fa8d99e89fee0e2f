/**
 * Does what a plan says, a change at a time where one may need another, eight at once where not. What fails is said with the rest: a
 * second apply goes on from there. Read next: plan.ts.
 */
import { z } from 'zod'
import { errorsOf, type HttpAnswer, type HttpClient } from '../http.ts'
import { inParallel } from '../parallel.ts'
import type { Terminal } from '../terminal.ts'
import type { Body } from './desired.ts'
import { withIds } from './members.ts'
import type { Change, Plan } from './plan.ts'
import { downtimeBody, sentDowntime } from './plan-downtimes.ts'
import type { PresentState } from './present.ts'

export type Done = Readonly<{ change: Change; id: number | string | null; warnings: readonly string[]; error: string | null }>

/** The API has ten connections to its database; more at once would wait there. */
const sideBySide = 8

export async function execute(plan: Plan, present: PresentState, server: HttpClient, terminal: Terminal): Promise<readonly Done[]> {
  const due = plan.changes.filter(({ action }) => action !== 'unchanged' && action !== 'over')
  const ids = new Map(present.monitors.map(({ key, id }) => [key, id]))
  const done: Done[] = []
  for (const batch of batchesOf(due)) {
    await inParallel(batch, sideBySide, async (change) => {
      const outcome = await perform(change, ids, server)
      if (change.kind === 'monitor' && typeof outcome.id === 'number') ids.set(change.key, outcome.id)
      done.push(outcome)
      terminal.progress(`${done.length} of ${due.length}`)
    })
  }
  terminal.progress(null)
  return done.toSorted((one, other) => due.indexOf(one.change) - due.indexOf(other.change))
}

/** Changes of one kind go together, but for monitors that name others: those wait for them. */
function batchesOf(changes: readonly Change[]): Change[][] {
  const batches: Change[][] = []
  for (const change of changes) {
    const last = batches.at(-1)
    const [first] = last ?? []
    if (last === undefined || first === undefined || !goTogether(first, change)) batches.push([change])
    else last.push(change)
  }
  return batches
}

function goTogether(one: Change, other: Change): boolean {
  return one.kind === other.kind && (one.action === 'delete') === (other.action === 'delete') && !isComposite(one) && !isComposite(other)
}

const isComposite = ({ body }: Change): boolean => body.type === 'composite'

const answerShape = z.looseObject({
  id: z.union([z.number(), z.string()]).optional(),
  data: z.looseObject({ id: z.string() }).optional(),
  warnings: z.array(z.string()).optional(),
})

async function perform(change: Change, ids: ReadonlyMap<string, number>, server: HttpClient): Promise<Done> {
  const answer = await send(change, ids, server)
  if (answer.status >= 300) return { change, id: change.id, warnings: [], error: errorsOf(answer) }
  const parsed = answerShape.safeParse(answer.body)
  const body = parsed.success ? parsed.data : {}
  return { change, id: body.data?.id ?? body.id ?? change.id, warnings: body.warnings ?? [], error: null }
}

async function send(change: Change, ids: ReadonlyMap<string, number>, server: HttpClient): Promise<HttpAnswer> {
  switch (change.kind) {
    case 'monitor':
      return sendMonitor(change, ids, server)
    case 'downtime':
      return sendDowntime(change, ids, server)
    case 'rule':
      return sendRule(change, server)
    case 'receiver':
      return change.action === 'create'
        ? server.request('POST', '/api/v2/receivers', change.body)
        : server.request('PATCH', `/api/v2/receivers/${encodeURIComponent(change.key)}`, change.body)
  }
}

async function sendRule({ action, id, body }: Change, server: HttpClient): Promise<HttpAnswer> {
  const path = '/api/v2/monitor/notification_rule'
  if (action === 'delete') return server.request('DELETE', `${path}/${id}`)
  const data = { type: 'monitor-notification-rule', attributes: body }
  return action === 'create' ? server.request('POST', path, { data }) : server.request('PATCH', `${path}/${id}`, { data: { ...data, id } })
}

async function sendMonitor({ action, key, id, body }: Change, ids: ReadonlyMap<string, number>, server: HttpClient): Promise<HttpAnswer> {
  if (action === 'delete') return server.request('DELETE', `/api/v1/monitor/${id}`)
  const path = `/api/v2/monitor/by-key/${key.split('/').map(encodeURIComponent).join('/')}`
  const { body: resolved, missing } = withIds({ key, place: '', body }, ids)
  if (missing.length > 0) return failure(`${missing.join(', ')} could not be created`)
  return server.request('PUT', id === null ? path : `${path}?adopt=${id}`, resolved)
}

async function sendDowntime(change: Change, ids: ReadonlyMap<string, number>, server: HttpClient): Promise<HttpAnswer> {
  const { action, key, id, body, changes } = change
  if (action === 'delete') return server.request('DELETE', `/api/v2/downtime/${id}`)
  const attributes = sentDowntime(key, downtimeBody({ key, place: '', body }, ids))
  if (action === 'create') return server.request('POST', '/api/v2/downtime', { data: { type: 'downtime', attributes } })
  // A time that has begun can't be planned anew: what is as it should be isn't sent.
  const changed = new Set(changes.map(({ field }) => field.split('.')[0]))
  const sent: Body = Object.fromEntries(Object.entries(attributes).filter(([name]) => name === 'message' || changed.has(name)))
  return server.request('PATCH', `/api/v2/downtime/${id}`, { data: { type: 'downtime', id, attributes: sent } })
}

function failure(error: string): HttpAnswer {
  return { status: 400, body: { errors: [error] } }
}
