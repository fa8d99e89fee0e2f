/**
 * Who is asking: DD-API-KEY names the organisation, DD-APPLICATION-KEY the person or program that acts; the lesser of their roles counts.
 * Never reads keys from the address, where logs would keep them. Read next: adapters/postgres/queries/keys.ts, roles.ts.
 */
import type { Request, RequestHandler } from 'express'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { type AccessKey, findKeys } from '../../adapters/postgres/queries/keys.ts'
import { type Role, suffices } from '../../contract/access-keys.ts'
import { ApiError } from '../errors.ts'

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
    const given = [headerOf(req, 'dd-api-key'), headerOf(req, 'dd-application-key')]
    const [api = null, application = null] = await findKeys(pool, given)
    const { role } = admit(api, 'api')
    const principal = admit(application, 'application')
    principals.set(req, suffices(role, principal.role) ? principal : { ...principal, role })
    next()
  }
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
