/**
 * Whether the role of a request's keys may do what it asks. Which role an operation needs stands in api/openapi/, beside what it takes.
 * Never knows monitors: whom one of them is left to is ../restricted.ts' business. Read next: keys.ts, contract/access-keys.ts.
 */
import { type RequestHandler, Router } from 'express'
import { type Role, suffices } from '../../contract/access-keys.ts'
import { ApiError } from '../errors.ts'
import { operations } from '../openapi/all.ts'
import { principalOf } from './keys.ts'

/** Behind requireBothKeys. Express itself matches, so that no spelling of a path reaches a route without its rule. */
export function requireRoles(): Router {
  const router = Router()
  for (const { method, path, role } of operations.filter(({ keys }) => keys === 'both')) router[method](routePath(path), requireRole(role))
  return router
}

/** Behind requireApiKey: who only reads doesn't push. */
export const requirePusher: RequestHandler = (req, _res, next) => {
  if (principalOf(req).role === 'viewer') {
    throw new ApiError(403, ['Forbidden: this API key has the role viewer, which only reads; pushing needs intake, editor or admin'])
  }
  next()
}

function requireRole(needed: Role): RequestHandler {
  return (req, _res, next) => {
    const { role } = principalOf(req)
    if (!suffices(role, needed)) {
      throw new ApiError(403, [
        `Forbidden: this needs the role ${needed}${needed === 'admin' ? '' : ' or more'}, and your keys have ${role}`,
      ])
    }
    next()
  }
}

/** A file's key holds slashes. */
function routePath(path: string): string {
  return path.replace('{key}', '*key').replace(/\{(\w+)\}/g, ':$1')
}
