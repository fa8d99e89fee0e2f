/**
 * How definitions change: in one PostgreSQL transaction with their version and their audit event, and only then is the
 * running monitor told. Never waits for Temporal to succeed. Read next: announce.ts, contract/parse.ts.
 */
import { type Client, transaction } from '../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../adapters/postgres/queries/audit.ts'
import { setCell } from '../adapters/postgres/queries/cells.ts'
import {
  type Creator,
  definitionOf,
  insertMonitor,
  insertVersion,
  lockMonitor,
  lockMonitorByKey,
  type MonitorRow,
  markDeleted,
  setExternalKey,
  updateMonitor,
} from '../adapters/postgres/queries/monitors.ts'
import type { MonitorDefinition } from '../contract/monitor.ts'
import { isMulti } from '../contract/multi.ts'
import { cellOf } from '../core/schedule/cells.ts'
import { announce, runningMonitorOf } from './announce.ts'
import { checkCauses } from './causes.ts'
import { changesOf } from './changes.ts'
import type { AppDeps } from './deps.ts'
import { badRequest, notFound } from './errors.ts'
import { checkMembers, checkUnused } from './members.ts'
import type { Principal } from './middleware/keys.ts'
import { checkMayChange } from './restricted.ts'
import { checkDatasource } from './sources.ts'
import { checkTagPolicies } from './tag-policies.ts'

type Deps = Pick<AppDeps, 'pool' | 'control' | 'log' | 'cells'>

export async function createMonitor(deps: Deps, definition: MonitorDefinition, by: Principal): Promise<MonitorRow> {
  const row = await transaction(deps.pool, (client) => insert(client, deps, definition, null, by))
  await announce(deps, row.id, () => deps.control.start(runningMonitorOf(row)))
  return row
}

/** What `next` makes of the present definition; the same again is no new version. `next` may throw an ApiError. */
export async function changeMonitor(
  deps: Deps,
  id: number,
  next: (current: MonitorDefinition) => MonitorDefinition,
  by: Principal,
  action: AuditAction = 'monitor.updated',
): Promise<MonitorRow> {
  const { row, changed } = await transaction(deps.pool, async (client) => {
    const current = await lockMonitor(client, id)
    if (current === null) throw notFound('Monitor')
    return update(client, current, next(definitionOf(current)), by, action)
  })
  if (changed) await announce(deps, id, () => deps.control.respecify(runningMonitorOf(row)))
  return row
}

/**
 * The monitor that a file keeps under `key`: created, changed, or left as it is. `next` gets null where there is none. `adopted`: a
 * monitor that is in no file yet gets the key where nothing has it.
 */
export async function applyMonitor(
  deps: Deps,
  { key, adopted }: Readonly<{ key: string; adopted: number | null }>,
  next: (current: MonitorDefinition | null) => MonitorDefinition,
  by: Principal,
): Promise<MonitorRow> {
  const { row, changed } = await transaction(deps.pool, async (client) => {
    const current = (await lockMonitorByKey(client, key)) ?? (adopted === null ? null : await adopt(client, adopted, key, by))
    if (current === null) return { row: await insert(client, deps, next(null), key, by), changed: true }
    return update(client, current, next(definitionOf(current)), by, 'monitor.updated')
  })
  // Also starts it where it isn't running.
  if (changed) await announce(deps, row.id, () => deps.control.respecify(runningMonitorOf(row)))
  return row
}

/** One that a composite is made of only by `force`. */
export async function deleteMonitor(deps: Deps, id: number, by: Principal, force = false): Promise<void> {
  await transaction(deps.pool, async (client) => {
    const current = await lockMonitor(client, id)
    if (current === null) throw notFound('Monitor')
    await checkMayChange(client, current, by)
    if (!force) await checkUnused(client, current)
    if (!(await markDeleted(client, id))) throw notFound('Monitor')
    const detail = { version: current.version, name: current.name, externalKey: current.external_key }
    await recordAudit(client, { actor: by.name, action: 'monitor.deleted', monitorId: id, detail })
  })
  await announce(deps, id, () => deps.control.stop(id))
}

async function adopt(client: Client, id: number, key: string, by: Principal): Promise<MonitorRow> {
  const current = await lockMonitor(client, id)
  if (current === null) throw notFound('Monitor')
  await checkMayChange(client, current, by)
  if (current.external_key !== null) throw badRequest([`adopt: monitor ${id} is kept under the key ${current.external_key} already`])
  await setExternalKey(client, id, key)
  const detail = { version: current.version, previous_version: current.version, changes: [{ field: 'key', from: null, to: key }] }
  await recordAudit(client, { actor: by.name, action: 'monitor.updated', monitorId: id, detail })
  return { ...current, external_key: key }
}

async function insert(
  client: Client,
  { cells }: Deps,
  definition: MonitorDefinition,
  externalKey: string | null,
  by: Principal,
): Promise<MonitorRow> {
  await checkDatasource(client, definition)
  await checkMembers(client, definition)
  await checkTagPolicies(client, definition.tags)
  await checkCauses(client, null, definition)
  const multi = isMulti(definition.type, definition.query, definition.options)
  const row = await insertMonitor(client, { definition, multi, externalKey, creator: creatorOf(by) })
  if (cells !== undefined)
    await setCell(
      client,
      row.id,
      cellOf(
        String(row.id),
        cells.all.map(({ name }) => name),
      ),
    )
  await insertVersion(client, row, by.name)
  await recordAudit(client, { actor: by.name, action: 'monitor.created', monitorId: row.id, detail: { version: row.version } })
  return row
}

async function update(
  client: Client,
  current: MonitorRow,
  next: MonitorDefinition,
  by: Principal,
  action: AuditAction,
): Promise<{ row: MonitorRow; changed: boolean }> {
  await checkMayChange(client, current, by)
  const changes = changesOf(definitionOf(current), next)
  if (changes.length === 0) return { row: current, changed: false }
  if (next.query !== current.query) await checkMembers(client, next)
  if (changes.some(({ field }) => field === 'options.inhibited_by')) await checkCauses(client, current.id, next)
  await checkDatasource(client, next)
  // Policies are for whoever writes: a monitor that is older than they are can be muted all the same.
  if (action === 'monitor.updated') await checkTagPolicies(client, next.tags)
  const row = await updateMonitor(client, current.id, next, isMulti(next.type, next.query, next.options))
  await insertVersion(client, row, by.name)
  const detail = { version: row.version, previous_version: current.version, changes }
  await recordAudit(client, { actor: by.name, action, monitorId: row.id, detail })
  return { row, changed: true }
}

/** Datadog's clients expect a numeric id: it comes from the key's own, so that it stays. */
export function creatorOf(by: Principal): Creator {
  const handle = `${by.name}@localhost`
  return { name: by.name, handle, email: handle, id: Number.parseInt(by.id.slice(0, 7), 16) }
}
