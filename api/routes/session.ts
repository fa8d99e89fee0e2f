/**
 * `/api/v2/session`: a browser exchanges two keys for a cookie that no script can read, so that no key stays in the page.
 * Never answers the cookie's text otherwise. Read next: ../middleware/session.ts, adapters/postgres/queries/sessions.ts.
 */
import { randomBytes } from 'node:crypto'
import { Router } from 'express'
import { transaction } from '../../adapters/postgres/pool.ts'
import { recordAudit } from '../../adapters/postgres/queries/audit.ts'
import { endSession, startSession } from '../../adapters/postgres/queries/sessions.ts'
import { sessionBody } from '../../contract/session.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError } from '../errors.ts'
import { jsonBody } from '../middleware/body.ts'
import { admitPair, type Principal, principalOf } from '../middleware/keys.ts'
import { clearSessionCookie, refuseForeignPages, sessionSeconds, sessionTokenOf, setSessionCookie } from '../middleware/session.ts'
import { bodyOf } from './request.ts'

/** Two keys: more is something else. */
const bodyBytesMax = 4_096
const tokenBytes = 32

/** Before keys are asked for: who signs in has none in the headers. */
export function signInRoutes({ pool, secureCookies = false }: Pick<AppDeps, 'pool' | 'secureCookies'>): Router {
  const router = Router()
  router.post('/api/v2/session', ...jsonBody(bodyBytesMax), async (req, res) => {
    refuseForeignPages(req)
    const { api_key: api, application_key: application } = bodyOf(req, sessionBody)
    const { principal, apiKeyId } = await admitPair(pool, { api, application })
    if (principal.role === 'intake') throw new ApiError(403, ['Forbidden: an API key with the role intake only pushes'])
    const token = randomBytes(tokenBytes).toString('hex')
    const keys = { apiKey: apiKeyId, applicationKey: principal.id }
    const expires = await transaction(pool, async (client) => {
      const expiresAt = await startSession(client, { token, ...keys, seconds: sessionSeconds })
      await audit(client, principal, 'session.started')
      return expiresAt
    })
    setSessionCookie(res, token, secureCookies)
    res.status(201).json({ ...present(principal), expires_at: expires.toISOString() })
  })
  return router
}

/** Who is signed in, and signing out. */
export function sessionRoutes({ pool, secureCookies = false }: Pick<AppDeps, 'pool' | 'secureCookies'>): Router {
  const router = Router()

  router.get('/api/v2/session', (req, res) => {
    res.json(present(principalOf(req)))
  })

  router.delete('/api/v2/session', async (req, res) => {
    const token = sessionTokenOf(req)
    if (token !== null) {
      await transaction(pool, async (client) => {
        await endSession(client, token)
        await audit(client, principalOf(req), 'session.ended')
      })
    }
    clearSessionCookie(res, secureCookies)
    res.status(204).end()
  })
  return router
}

const present = ({ name, role }: Principal) => ({ name, role })

type Queryable = Parameters<typeof recordAudit>[0]

async function audit(db: Queryable, { id, name, role }: Principal, action: 'session.started' | 'session.ended'): Promise<void> {
  await recordAudit(db, { actor: name, action, monitorId: null, detail: { id, role } })
}
