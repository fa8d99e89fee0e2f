/** Tries of TCP and TLS. Read next: checks.ts, adapters/http/guard.ts. */
import { isIP, Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { SourceError } from '../../../activities/ports.ts'
import { ForbiddenAddressError, type Guard } from '../../http/guard.ts'
import type { Outcome } from './outcome.ts'

type Address = Readonly<{ host: string; port: number }>
const dayMs = 86_400_000

/** Whether something listens there. */
export async function tryTcp(guard: Guard, { host, port }: Address, timeoutMs: number): Promise<Outcome> {
  const tried = await connected(guard, host, timeoutMs, () => new Socket().connect({ host, port, lookup: guard.lookup }), 'connect')
  tried.socket.destroy()
  return {
    value: ({ kind }) => (kind === 'failed' ? (tried.ok ? 0 : 1) : kind === 'latency' && tried.ok ? tried.durationMs / 1_000 : null),
  }
}

/** failed: no connection, or a certificate that isn't trusted for this host. Its days are counted in either case. */
export async function tryTls(guard: Guard, { host, port }: Address, timeoutMs: number, nowMs: number): Promise<Outcome> {
  const open = () =>
    connectTls({
      ...{ host, port, lookup: guard.lookup },
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // A certificate that has ended is what such a check looks for: it is judged here, not by the handshake.
      rejectUnauthorized: false,
    })
  const tried = await connected(guard, host, timeoutMs, open, 'secureConnect')
  const endMs = tried.ok ? endOf(tried.socket) : null
  const trusted = tried.ok && tried.socket.authorized
  tried.socket.destroy()
  return {
    value: ({ kind }) => {
      if (kind === 'failed') return trusted ? 0 : 1
      if (kind === 'latency') return tried.ok ? tried.durationMs / 1_000 : null
      return kind === 'days_left' && endMs !== null ? (endMs - nowMs) / dayMs : null
    },
  }
}

function endOf(socket: TLSSocket): number | null {
  const endMs = Date.parse(socket.getPeerCertificate().valid_to ?? '')
  return Number.isNaN(endMs) ? null : endMs
}

type Tried<Kind> = Readonly<{ ok: boolean; socket: Kind; durationMs: number }>

async function connected<Kind extends Socket>(
  guard: Guard,
  host: string,
  timeoutMs: number,
  open: () => Kind,
  event: string,
): Promise<Tried<Kind>> {
  const reason = isIP(host) === 0 ? null : guard.refusal(host)
  if (reason !== null) throw new SourceError('refused', reason)
  const startedAt = performance.now()
  const socket = open()
  const failure = await new Promise<Error | null>((resolve) => {
    const timer = setTimeout(() => resolve(new Error('no answer in time')), timeoutMs)
    socket.once(event, () => resolve(null))
    // Stays: what happens to it after the answer is nobody's concern.
    socket.on('error', resolve)
    socket.once('close', () => clearTimeout(timer))
  })
  if (failure instanceof ForbiddenAddressError) throw new SourceError('refused', failure.message)
  return { ok: failure === null, socket, durationMs: performance.now() - startedAt }
}
