/**
 * How downtimes change: each change, its audit event and the count by which workers hear of it are one transaction.
 * Never tells a monitor: workers look once a second (adapters/postgres/downtime-source.ts). Read next: plan.ts, plan-v1.ts.
 */
import { type Client, transaction } from '../../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../../adapters/postgres/queries/audit.ts'
import { findDowntimePolicy } from '../../adapters/postgres/queries/downtime-policies.ts'
import {
  countDowntimeChange,
  type DowntimeKey,
  type DowntimeWrite,
  findDowntime,
  insertDowntime,
  listDowntimes,
  liveDowntimesMax,
  type StoredDowntime,
  cancelDowntime as storeCancellation,
  updateDowntime,
} from '../../adapters/postgres/queries/downtimes.ts'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { downtimePolicyErrors } from '../../contract/monitor-policy.ts'
import { currentOccurrence, overMs } from '../../core/downtime/occurrences.ts'
import type { DowntimePlan } from '../../core/downtime/plan.ts'
import { parseScope } from '../../core/query/scope.ts'
import { creatorOf } from '../definitions.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest, notFound } from '../errors.ts'
import type { Principal } from '../middleware/keys.ts'
import { blankPlan } from './plan.ts'
import { rules } from './rules.ts'

type Deps = Pick<AppDeps, 'pool' | 'clock'>
const { times } = rules

export async function createDowntime({ pool, clock }: Deps, plan: DowntimePlan, by: Principal): Promise<StoredDowntime> {
  return changing(pool, (client) => create(client, plan, by, clock()))
}

/** `next` may throw an ApiError. What is over stays as it was. */
export async function changeDowntime(
  { pool, clock }: Deps,
  key: DowntimeKey,
  next: (plan: DowntimePlan, nowMs: number) => DowntimePlan,
  by: Principal,
): Promise<StoredDowntime> {
  return changing(pool, async (client) => {
    const nowMs = clock()
    const current = await existing(client, key)
    if (current.canceledMs !== null) throw badRequest(['this downtime was canceled: create another one'])
    if (currentOccurrence(current.plan, nowMs, times) === null) throw badRequest(['this downtime has ended: create another one'])
    const changed = await updateDowntime(client, current.id, await checked(client, next(current.plan, nowMs), by, nowMs))
    await audit(client, 'downtime.updated', changed, by)
    return changed
  })
}

/** One that is canceled already stays as it is. */
export async function cancelDowntime({ pool, clock }: Deps, key: DowntimeKey, by: Principal): Promise<void> {
  await changing(pool, async (client) => {
    const current = await existing(client, key)
    if (current.canceledMs === null) await cancel(client, current, by, clock())
  })
}

/** All that aren't over and whose scope is written like this; the numbers of them. */
export async function cancelByScope({ pool, clock }: Deps, scope: string, by: Principal): Promise<readonly number[]> {
  return changing(pool, async (client) => {
    const nowMs = clock()
    const found = (await listDowntimes(client, nowMs)).filter(({ plan }) => plan.scope === scope || plan.scopes.join(',') === scope)
    if (found.length === 0) throw notFound(`A downtime with the scope ${JSON.stringify(scope)}`)
    for (const downtime of found) await cancel(client, downtime, by, nowMs)
    return found.map(({ number }) => number)
  })
}

/** Everything is held from now on, until it is unmuted. Where that is so already, by the downtime that holds it. */
export async function muteEverything({ pool, clock }: Deps, by: Principal): Promise<StoredDowntime> {
  return changing(pool, async (client) => {
    const nowMs = clock()
    const [muted] = await mutesOfEverything(client, nowMs)
    return muted ?? (await create(client, blankPlan(nowMs), by, nowMs))
  })
}

/** Also what somebody planned for everything and without an end. */
export async function unmuteEverything({ pool, clock }: Deps, by: Principal): Promise<void> {
  await changing(pool, async (client) => {
    const nowMs = clock()
    const found = await mutesOfEverything(client, nowMs)
    if (found.length === 0) throw badRequest(['nothing to unmute: no downtime holds all monitors until it is canceled'])
    for (const downtime of found) await cancel(client, downtime, by, nowMs)
  })
}

async function mutesOfEverything(client: Client, nowMs: number): Promise<readonly StoredDowntime[]> {
  const isOfEverything = ({ scope, monitorId, monitorTags, startMs, endMs, recurrences }: DowntimePlan): boolean =>
    scope === '*' &&
    monitorId === null &&
    monitorTags.every((tag) => tag === '*') &&
    recurrences.length === 0 &&
    startMs <= nowMs &&
    endMs === null
  return (await listDowntimes(client, nowMs)).filter(({ plan }) => isOfEverything(plan))
}

async function create(client: Client, plan: DowntimePlan, by: Principal, nowMs: number): Promise<StoredDowntime> {
  const created = await insertDowntime(client, await checked(client, plan, by, nowMs))
  if (created === null)
    throw badRequest([`there are ${liveDowntimesMax} downtimes that aren't over, as many as there may be: cancel some first`])
  await audit(client, 'downtime.created', created, by)
  return created
}

async function cancel(client: Client, downtime: StoredDowntime, by: Principal, nowMs: number): Promise<void> {
  await storeCancellation(client, downtime.id, creatorOf(by), nowMs)
  await audit(client, 'downtime.canceled', downtime, by)
}

/** Changes come one after another, so that each sees what the others wrote. */
async function changing<Result>(pool: Deps['pool'], work: (client: Client) => Promise<Result>): Promise<Result> {
  return transaction(pool, async (client) => {
    await countDowntimeChange(client)
    return work(client)
  })
}

async function existing(client: Client, key: DowntimeKey): Promise<StoredDowntime> {
  const found = await findDowntime(client, key)
  if (found === null) throw notFound('Downtime')
  return found
}

async function checked(client: Client, plan: DowntimePlan, by: Principal, nowMs: number): Promise<DowntimeWrite> {
  const { startMs, endMs, monitorId } = plan
  // Parts that are right one by one may be too much together.
  const scope = parseScope(plan.scope)
  if (!scope.ok) throw badRequest([`scope: ${scope.error.message}`])
  if (endMs !== null && endMs <= startMs) throw badRequest(['end: must lie after start'])
  if (plan.recurrences.length === 0 && endMs !== null && endMs <= nowMs)
    throw badRequest(['end: lies in the past; a downtime that is in force is ended by DELETE'])
  if (currentOccurrence(plan, nowMs, times) === null) throw badRequest(['recurrences: no occurrence is left: it would never hold anything'])
  if (monitorId !== null && (await findMonitor(client, monitorId)) === null)
    throw badRequest([`monitor_id: there is no monitor ${monitorId}`])
  const policy = await findDowntimePolicy(client)
  const tooLong = policy === null ? [] : downtimePolicyErrors(plan, policy)
  if (tooLong.length > 0) throw badRequest(tooLong)
  return { plan, overMs: overMs(plan, times), by: creatorOf(by), nowMs }
}

async function audit(client: Client, action: AuditAction, { id, plan }: StoredDowntime, by: Principal): Promise<void> {
  await recordAudit(client, { actor: by.name, action, monitorId: plan.monitorId, detail: { downtime: id, scope: plan.scope } })
}
