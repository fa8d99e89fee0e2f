/**
 * `GET /api/v2/events/stream`: states of monitors, transitions and what people do, as they happen, for pages that show them.
 * Never takes a place among the requests under way: it has a bound of its own. Read next: ../events/feed.ts.
 */
import { type RequestHandler, type Response, Router } from 'express'
import { changesSince, placeNow } from '../../adapters/postgres/queries/changes.ts'
import { streamParameters } from '../../contract/session.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError } from '../errors.ts'
import { createFeed, type Reader, type Told } from '../events/feed.ts'
import { beginStream, heartbeatMs, parsePlace, streamMs, writeHeartbeat, writeTold } from '../events/stream.ts'
import { queryOf } from './request.ts'

/** Open at a time: each is a socket and some kilobytes. */
const streamsMax = 200
const retryAfterS = 10

/** `admitted`: what lets a reader in; it comes before the rest of the app. */
export function eventRoutes({ pool, log, clock, stopping }: AppDeps, admitted: readonly RequestHandler[]): Router {
  const router = Router()
  const feed = createFeed({
    changesSince: (place) => changesSince(pool, place),
    placeNow: () => placeNow(pool),
    failed: (error) => log.debug({ error }, 'changes-not-read'),
  })
  const open = new Set<Response>()
  stopping?.addEventListener('abort', () => {
    for (const res of open) res.end()
  })

  router.get('/api/v2/events/stream', ...admitted, async (req, res) => {
    const { after } = queryOf(req, streamParameters)
    if (open.size >= streamsMax) throw new ApiError(503, ['Too many pages watch already: try again later'], { retryAfterS })
    const from = parsePlace(req.get('last-event-id') ?? after, clock())
    const waiting: Told[] = []
    let tell: Reader = (told) => waiting.push(told)
    const leave = await feed.follow((told) => tell(told))
    // Whatever was since then, and what came while it was read: told twice does no harm.
    const first = await feed.since(from === 'reset' ? null : from).catch((error: unknown) => {
      leave()
      throw error
    })
    if (res.destroyed) return leave()
    open.add(res)
    beginStream(res)
    tell = (told) => writeTold(res, told)
    for (const told of [from === 'reset' ? { ...first, lost: true } : first, ...waiting]) tell(told)
    const beat = setInterval(() => writeHeartbeat(res), heartbeatMs)
    const end = setTimeout(() => res.end(), streamMs)
    res.once('close', () => {
      leave()
      clearInterval(beat)
      clearTimeout(end)
      open.delete(res)
    })
  })
  return router
}
