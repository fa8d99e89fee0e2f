/**
 * Who is asking: DD-API-KEY names the organisation, DD-APPLICATION-KEY the person or program that acts; the lesser of their roles counts.
 * A browser brings the cookie of a session instead, which stands for two such keys.
 * Never reads keys from the address, where logs would keep them. Read next: adapters/postgres/queries/keys.ts, session.ts, roles.ts.
 */
import type { Request, RequestHandler } from 'express'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { type AccessKey, findKeys } from '../../adapters/postgres/queries/keys.ts'
import { findSession } from '../../adapters/postgres/queries/sessions.ts'
import { type Role, suffices } from '../../contract/access-keys.ts'
import { ApiError } from '../errors.ts'
import { refuseForeignPages, sessionTokenOf } from './session.ts'

/** Who a change is put down to. */
export type Principal = Readonly<{ id: string; name: string; role: Role }>

const principals = new WeakMap<Request, Principal>()

/** Longer texts are no keys of ours: they aren't even hashed. */
const keyCharsMax = 256

export function requireApiKey(pool: Pool): RequestHandler {
  return async (req, _res, next) => {
    const [found = null] = await findKeys(pool, [headerOf(req, 'dd-api-key')])
    principals.set(req, admit(found, 'api'))
    next()
  }
}

export function requireBothKeys(pool: Pool): RequestHandler {
  return async (req, _res, next) => {
    const token = sessionTokenOf(req)
    const byKeys = req.get('dd-api-key') !== undefined || req.get('dd-application-key') !== undefined
    principals.set(req, byKeys || token === null ? await principalOfKeys(pool, givenKeys(req)) : await principalOfSession(pool, req, token))
    next()
  }
}

export type PairOfKeys = Readonly<{ api: string; application: string }>

/** Of both keys together: the one that acts, with the lesser role. Rejects with 403 where one of them is unknown. */
export async function principalOfKeys(pool: Pool, given: PairOfKeys): Promise<Principal> {
  return (await admitPair(pool, given)).principal
}

/** The same, with the id of the API key. */
export async function admitPair(pool: Pool, given: PairOfKeys): Promise<Readonly<{ principal: Principal; apiKeyId: string }>> {
  const [api = null, application = null] = await findKeys(pool, [given.api, given.application])
  const { role, id } = admit(api, 'api')
  return { principal: lesser(admit(application, 'application'), role), apiKeyId: id }
}

async function principalOfSession(pool: Pool, req: Request, token: string): Promise<Principal> {
  refuseForeignPages(req)
  const session = await findSession(pool, token)
  if (session === null) throw new ApiError(401, ['Unauthorized: the session has ended; sign in again'])
  const { id, name, role, apiRole } = session
  return lesser({ id, name, role }, apiRole)
}

const lesser = (principal: Principal, role: Role): Principal => (suffices(role, principal.role) ? principal : { ...principal, role })

function givenKeys(req: Request): PairOfKeys {
  return { api: headerOf(req, 'dd-api-key'), application: headerOf(req, 'dd-application-key') }
}

/** Of a request that passed requireBothKeys, or requireApiKey. */
export function principalOf(req: Request): Principal {
  const principal = principals.get(req)
  if (principal === undefined) throw new ApiError(401, ['Unauthorized'])
  return principal
}

function headerOf(req: Request, name: string): string {
  const value = req.get(name)
  if (value === undefined || value === '') throw new ApiError(401, ['Unauthorized'])
  if (value.length > keyCharsMax) throw new ApiError(403, ['Forbidden'])
  return value
}

function admit(key: AccessKey | null, kind: AccessKey['kind']): Principal {
  if (key === null || key.kind !== kind) throw new ApiError(403, ['Forbidden'])
  return { id: key.id, name: key.name, role: key.role }
}
