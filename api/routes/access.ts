/**
 * Who is asking, and which roles there are: look-ups that Datadog's clients make on the way to monitors. An application key is a user;
 * the roles are built in, under ids that stay. Never says anything secret of a key. Read next: ../middleware/keys.ts.
 */
import { type Request, Router } from 'express'
import { findUser, listUsers, type UserRow } from '../../adapters/postgres/queries/users.ts'
import { type Lookup, lookupParameters } from '../../contract/pages.ts'
import { creatorOf } from '../definitions.ts'
import type { AppDeps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { orgId } from '../present.ts'
import { type ListedRole, listedRole, listedRoles } from '../roles.ts'
import { queryOf, uuidOf } from './request.ts'

/** When roles came to be: none was ever made. */
const epoch = '2026-01-01T00:00:00.000000+00:00'

export function accessRoutes({ pool }: AppDeps): Router {
  const router = Router()

  router.get('/api/v2/validate_keys', (_req, res) => {
    res.json({ status: 'ok' })
  })

  router.get('/api/v2/roles', async (req, res) => {
    const parameters = queryOf(req, lookupParameters)
    const found = listedRoles.filter(({ id, name }) => {
      const isNamed = name.toLowerCase().includes((parameters.filter ?? '').toLowerCase())
      return isNamed && (parameters['filter[id]'] === undefined || parameters['filter[id]'].includes(id))
    })
    const sorted = [...found].sort((a, b) => a.name.localeCompare(b.name))
    if (parameters.sort?.startsWith('-') === true) sorted.reverse()
    res.json(page(sorted.map(presentRole), sorted.length, listedRoles.length, parameters))
  })

  router.get('/api/v2/roles/:id', (req, res) => {
    const id = uuidOf(req, 'Role')
    const found = listedRoles.find((role) => role.id === id)
    if (found === undefined) throw notFound('Role')
    res.json({ data: presentRole(found) })
  })

  router.get('/api/v2/current_user', async (req, res) => {
    const found = await findUser(pool, principalOf(req).id)
    if (found === null) throw notFound('User')
    res.json({ data: presentUser(found), included: [organisation, presentRole(listedRole(found.role))] })
  })

  router.get('/api/v2/users', async (req, res) => {
    const parameters = queryOf(req, lookupParameters)
    const users = await listUsers(pool)
    const text = (parameters.filter ?? '').toLowerCase()
    const found = users.filter((user) => emailOf(user).toLowerCase().includes(text) || user.name.toLowerCase().includes(text))
    res.json(page(found.map(presentUser), found.length, users.length, parameters))
  })

  router.get('/api/v2/users/:id', async (req: Request, res) => {
    const found = await findUser(pool, uuidOf(req, 'User'))
    if (found === null) throw notFound('User')
    res.json({ data: presentUser(found), included: [organisation, presentRole(listedRole(found.role))] })
  })

  return router
}

function page(all: readonly object[], filtered: number, total: number, { 'page[number]': number, 'page[size]': size }: Lookup): object {
  return {
    data: all.slice(number * size, (number + 1) * size),
    meta: { page: { total_count: total, total_filtered_count: filtered } },
  }
}

function presentRole({ id, name }: ListedRole): object {
  return {
    type: 'roles',
    id,
    attributes: { name, created_at: epoch, modified_at: epoch },
    relationships: { permissions: { data: [] } },
  }
}

const organisation = {
  type: 'orgs',
  id: '6b0a2a4e-0000-4000-8000-000000000000',
  attributes: {
    name: 'Tocsin',
    public_id: String(orgId),
    created_at: epoch,
    modified_at: epoch,
    disabled: false,
    description: null,
    sharing: 'none',
    url: null,
  },
}

const emailOf = (user: UserRow): string => creatorOf(user).email

function presentUser(user: UserRow): object {
  const { handle, email } = creatorOf(user)
  const at = user.created_at.toISOString()
  return {
    type: 'users',
    id: user.id,
    attributes: {
      name: user.name,
      handle,
      email,
      created_at: at,
      modified_at: at,
      icon: '',
      title: null,
      verified: true,
      service_account: false,
      disabled: false,
      status: 'Active',
    },
    relationships: {
      roles: { data: [{ type: 'roles', id: listedRole(user.role).id }] },
      org: { data: { type: 'orgs', id: organisation.id } },
    },
  }
}
