/**
 * POST /api/v2/heartbeat/{key}, also GET and HEAD: a job tells that it has run. The key is the secret, so no other one is asked for.
 * A key that no monitor expects is 404 and leaves nothing. Read next: adapters/postgres/queries/heartbeats.ts.
 */
import { type RequestHandler, Router } from 'express'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { heartbeatQueries, recordPing } from '../../adapters/postgres/queries/heartbeats.ts'
import { parseQuery } from '../../core/query/parse.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError } from '../errors.ts'
import { limitRate } from '../middleware/rate-limit.ts'

/** A hundred jobs behind one address, each once a second; and too few to try keys by chance. */
const pings = { requests: 1_000, windowMs: 10_000 }
/** How long the list of expected keys is good for. */
const knownMs = 30_000
/** A key that isn't in it may be new; so often the list is read again, whoever asks. */
const rereadMs = 1_000
/** Longer texts are no keys. */
const keyCharsMax = 200

export function heartbeatRoutes({ pool, clock }: Pick<AppDeps, 'pool' | 'clock'>): Router {
  const isExpected = expectedKeys(pool, clock)
  const ping: RequestHandler<{ key: string }> = async (req, res) => {
    const { key } = req.params
    if (key.length > keyCharsMax || !(await isExpected(key))) throw new ApiError(404, ['no monitor expects a heartbeat of this key'])
    const nowMs = clock()
    await recordPing(pool, key, nowMs)
    res.status(202).json({ status: 'ok' })
  }
  const router = Router()
  // GET serves HEAD, too.
  router.route('/api/v2/heartbeat/:key').all(limitRate(pings)).post(ping).get(ping)
  return router
}

function expectedKeys(pool: Pool, clock: () => number): (key: string) => Promise<boolean> {
  let keys: ReadonlySet<string> = new Set()
  let readAt = 0
  return async (key) => {
    const age = clock() - readAt
    if (age > knownMs || (!keys.has(key) && age > rereadMs)) {
      readAt = clock()
      keys = new Set((await heartbeatQueries(pool)).flatMap(keyIn))
    }
    return keys.has(key)
  }
}

function keyIn(text: string): string[] {
  const parsed = parseQuery('heartbeat alert', text)
  return parsed.ok && parsed.query.kind === 'heartbeat' ? [parsed.query.key] : []
}
