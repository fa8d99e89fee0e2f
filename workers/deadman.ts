/**
 * The engine's own dead man's switch: tells somebody outside, once a minute, that evaluations are on time, and is silent otherwise.
 * Whoever is told raises the alarm when nothing comes: it must not run where the engine runs. Read next: core/punctual.ts.
 */
import type { HttpFetch } from '../adapters/http/fetch.ts'
import type { Pool } from '../adapters/postgres/pool.ts'
import { claimMark, listWorkers } from '../adapters/postgres/queries/engine.ts'
import { findPunctuality } from '../adapters/postgres/queries/progress.ts'
import { isPunctual } from '../core/punctual.ts'
import type { Log } from '../telemetry/log.ts'

/** A minute, less what the looks of several workers lie apart. */
const tellEveryMs = 50_000
const timeoutMs = 10_000
/** An Alertmanager resolves the alert itself when this is over: five minutes of silence. */
const alertLastsMs = 5 * 60_000

export type DeadmanOptions = Readonly<{
  pool: Pool
  log: Pick<Log, 'warn'>
  send: HttpFetch
  url: string
  publicUrl: string | null
  clock: () => number
}>

/** `told`: it was this call's turn, all was well, and the other side took it. */
export type DeadmanOutcome = 'told' | 'silent' | 'refused' | 'not-its-turn'

/** One look. Rejects where PostgreSQL is away: then nobody is told either. */
export function deadman(options: DeadmanOptions): () => Promise<DeadmanOutcome> {
  const { pool, log, send, clock } = options
  return async () => {
    const [punctuality, workers] = await Promise.all([findPunctuality(pool, clock()), listWorkers(pool)])
    const punctual = isPunctual({ ...punctuality, workers: workers.length })
    if (!punctual.onTime) {
      log.warn({ reason: punctual.reason }, 'deadman-silent')
      return 'silent'
    }
    if (!(await claimMark(pool, 'deadman', tellEveryMs))) return 'not-its-turn'
    const reply = await send({ ...messageOf(options), timeoutMs })
    if (reply.kind === 'response' && reply.status < 300) return 'told'
    log.warn({ reason: reply.kind === 'failed' ? reply.reason : `status ${reply.status}` }, 'deadman-not-told')
    return 'refused'
  }
}

function messageOf({ url, publicUrl, clock }: DeadmanOptions): Pick<Parameters<HttpFetch>[0], 'url' | 'method' | 'headers' | 'body'> {
  if (!/\/api\/v2\/alerts\/?$/.test(new URL(url).pathname)) return { url, method: 'GET' }
  const alert = {
    labels: { alertname: 'Watchdog', severity: 'none', service: 'tocsin' },
    annotations: { summary: 'Tocsin evaluates on time. Route this to a dead man’s switch: an alarm is due when it stops.' },
    endsAt: new Date(clock() + alertLastsMs).toISOString(),
    ...(publicUrl === null ? {} : { generatorURL: publicUrl }),
  }
  return { url, method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([alert]) }
}
