/**
 * What has changed as server-sent events. Each has an id, from which a reader goes on that was away. Bounded: so many readers, so long,
 * and nobody who doesn't read. Read next: feed.ts, ../routes/events.ts.
 */
import type { Response } from 'express'
import type { Place } from '../../adapters/postgres/queries/changes.ts'
import type { Told } from './feed.ts'

/** Proxies give up connections that are silent for a minute. */
export const heartbeatMs = 15_000
/** Then the browser connects anew, and its key is looked at again. */
export const streamMs = 10 * 60_000
/** What a reader may leave unread. */
const unreadBytesMax = 256 * 1_024
/** How long a browser waits before it connects again. */
const retryMs = 2_000
/** Further back nothing is told one by one. */
const placeMsMax = 10 * 60_000

export function beginStream(res: Response): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Some proxies collect answers before they pass them on.
    'X-Accel-Buffering': 'no',
  })
  res.write(`retry: ${retryMs}\n\n`)
}

/** Ends it where the reader doesn't read. */
export function writeTold(res: Response, { place, changes, lost }: Told): void {
  const id = idOf(place)
  const events = lost ? [eventText('reset', id, {})] : changes.map(({ kind, ...data }) => eventText(kind, id, data))
  // Without an event the reader still learns where it is.
  res.write(events.length === 0 ? eventText('here', id, {}) : events.join(''))
  endIfUnread(res)
}

export function writeHeartbeat(res: Response): void {
  res.write(': still here\n\n')
  endIfUnread(res)
}

/** null = there is none, or it is too long ago: `reset` says so then. */
export function parsePlace(text: string | undefined, nowMs: number): Place | 'reset' | null {
  const [, atMs, auditId] = /^(\d{1,16})-(\d{1,16})$/.exec(text ?? '') ?? []
  if (atMs === undefined || auditId === undefined) return text === undefined || text === '' ? null : 'reset'
  const place = { atMs: Number(atMs), auditId: Number(auditId) }
  return place.atMs < nowMs - placeMsMax ? 'reset' : place
}

const idOf = ({ atMs, auditId }: Place): string => `${Math.floor(atMs)}-${auditId}`

/** JSON holds no line breaks, so one line is one value. */
const eventText = (event: string, id: string, data: object): string => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

function endIfUnread(res: Response): void {
  if (res.writableLength > unreadBytesMax) res.destroy()
}
