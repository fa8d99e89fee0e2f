/**
 * How sources change: in one transaction with their audit event. Never tells a secret, never breaks what uses a source without saying so.
 * Read next: routes/sources.ts, sources-file.ts, adapters/postgres/queries/sources.ts.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Client, transaction } from '../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../adapters/postgres/queries/audit.ts'
import {
  deleteSource,
  findSource,
  insertSource,
  type SourceWrite,
  type StoredSource,
  sourcesMax,
  updateSource,
  usersOf,
} from '../adapters/postgres/queries/sources.ts'
import { parse } from '../contract/parse.ts'
import { changeSource, isBuiltIn, type Source, sourceBody, typesOfSource } from '../contract/source.ts'
import type { AppDeps } from './deps.ts'
import { ApiError, accepted, badRequest, notFound } from './errors.ts'
import type { Principal } from './middleware/keys.ts'

type Deps = Pick<AppDeps, 'pool' | 'secrets'>

export async function createSource(deps: Deps, body: unknown, by: Principal): Promise<StoredSource> {
  const source = checkedSource(body)
  return transaction(deps.pool, async (client) => {
    refuse(source, await insertSource(client, boxOf(deps), source, 'api'))
    await audit(client, by, 'source.created', { name: source.name, kind: source.kind })
    return existing(client, deps, source.name)
  })
}

export async function changeStoredSource(deps: Deps, name: string, body: unknown, by: Principal): Promise<StoredSource> {
  return transaction(deps.pool, async (client) => {
    const stored = await existing(client, deps, name, true)
    if (stored.managedBy === 'file') throw heldByFile(name)
    const current = readable(stored)
    const change = changeSource(current, body)
    if (!change.ok) throw badRequest(change.errors)
    const next = checkedSource(change.body)
    const changed = changedFields(current, next)
    if (changed.length === 0) return stored
    refuse(next, await updateSource(client, boxOf(deps), next, 'api'))
    await audit(client, by, 'source.updated', { name, changed })
    return existing(client, deps, name)
  })
}

export async function removeSource(deps: Deps, name: string, by: Principal): Promise<void> {
  await transaction(deps.pool, async (client) => {
    const stored = await existing(client, deps, name, true)
    if (stored.managedBy === 'file') throw heldByFile(name)
    const users = await usersOf(client, name, typesOfDefault(stored))
    if (users.count > 0) throw new ApiError(409, [`${inUse(name, users)}${stored.isDefault ? ', or make another source the default' : ''}`])
    await deleteSource(client, name)
    await audit(client, by, 'source.deleted', { name, kind: stored.kind })
  })
}

/** Sentences about a definition that names a source which isn't there or can't evaluate it; the source stays until the transaction ends. */
export async function checkDatasource(
  client: Pick<Client, 'query'>,
  definition: Readonly<{ type: string; tags: readonly string[]; options: Readonly<{ datasource?: string | undefined }> }>,
): Promise<void> {
  const { datasource } = definition.options
  // A tag may be about anything: a name that nobody knows there is told by the monitor's health.
  if (datasource === undefined) return
  const kind = isBuiltIn(datasource) ? datasource : await kindOf(client, datasource)
  if (kind === null)
    throw badRequest([`options.datasource: there is no source ${JSON.stringify(datasource)}: configure it first, at /api/v2/source`])
  const types: readonly string[] = typesOfSource[kind]
  if (!types.includes(definition.type)) {
    throw badRequest([`options.datasource: ${datasource} evaluates ${types.join(', ')}, not ${definition.type}`])
  }
}

async function kindOf(client: Pick<Client, 'query'>, name: string): Promise<Source['kind'] | null> {
  const { rows } = await client.query<{ kind: Source['kind'] }>('select kind from sources where name = $1 for key share', [name])
  return rows[0]?.kind ?? null
}

export async function existing(client: Pick<Client, 'query'>, deps: Deps, name: string, lock = false): Promise<StoredSource> {
  const found = name.includes('\0') ? null : await findSource(client, boxOf(deps), name, lock)
  if (found === null) throw notFound('Source')
  return found
}

export function readable({ name, source, unreadable }: StoredSource): Source {
  if (source === null) throw new ApiError(409, [`source ${name}: ${unreadable ?? 'it can’t be read'}: delete it and create it again`])
  return source
}

export function checkedSource(body: unknown): Source {
  return accepted(parse(sourceBody, body))
}

/** Names of fields, never a value: some are secret. */
export function changedFields(before: Source, next: Source): string[] {
  const flat = ({ config, secrets, ...rest }: Source): Record<string, unknown> => ({
    ...rest,
    ...Object.fromEntries(Object.entries(config).map(([name, value]) => [`config.${name}`, value])),
    ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`secrets.${name}`, value])),
  })
  const [one, other] = [flat(before), flat(next)]
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !isDeepStrictEqual(one[name], other[name])).sort()
}

export const boxOf = ({ secrets }: Pick<AppDeps, 'secrets'>) => secrets ?? null

export function refuse(source: Source, outcome: SourceWrite): void {
  if (outcome === 'no-key') throw badRequest([noKey])
  if (outcome === 'name-taken') throw badRequest([`name: a source ${source.name} exists already: change it by PATCH, or take another name`])
  if (outcome === 'too-many') throw badRequest([`there are ${sourcesMax} sources already, which is as many as there may be`])
}

export const noKey = 'secrets can’t be stored: set TOCSIN_SECRET_KEY (32 bytes in base64) for the API and the workers'

/** Of a default also those whose monitors name no source, where nothing built in would take them over. */
function typesOfDefault({ kind, isDefault }: StoredSource): readonly string[] {
  const isKind = kind === 'prometheus' || kind === 'postgres' || kind === 'loki'
  return isKind && isDefault ? typesOfSource[kind] : []
}

function inUse(name: string, { count, ids }: Readonly<{ count: number; ids: readonly number[] }>): string {
  const more = count > ids.length ? ` and ${count - ids.length} more` : ''
  return `source ${name} is used by ${count === 1 ? 'monitor' : `${count} monitors:`} ${ids.join(', ')}${more}: change them first`
}

function heldByFile(name: string): ApiError {
  return new ApiError(409, [`source ${name} is held by the file of TOCSIN_SOURCES_FILE: change it there`])
}

async function audit(client: Client, by: Principal, action: AuditAction, detail: Readonly<Record<string, unknown>>): Promise<void> {
  await recordAudit(client, { actor: by.name, action, monitorId: null, detail })
}
