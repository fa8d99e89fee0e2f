/**
 * What `doctor` looks at. Each finding says what is, and what to do where it isn't well. Read next: checks-temporal.ts.
 */
import { z } from 'zod'
import { ask } from '../answers.ts'
import { errorsOf, type HttpClient } from '../http.ts'

/** `remedy` is null where nothing is wrong. */
export type Finding = Readonly<{ name: string; ok: boolean; detail: string; remedy: string | null }>

/** Evaluations are placed by clocks of two machines; beyond this a slot looks late that isn't. The header has whole seconds. */
const skewMaxMs = 5_000

/** Half of that is usual where much happens at once; later than this, people wait for their pages. */
const lagMaxMs = 30_000
const namedMax = 5

const named = z.array(z.object({ id: z.number() }))
const engineStatus = z.object({
  monitors: z.object({ live: z.number(), overdue: z.number(), stretched: z.number(), failing: z.number() }),
  schedule_lag_ms: z.object({ p99: z.number().nullable() }),
  overdue_monitors: named,
  failing_monitors: named,
})

const ready = z.object({ postgres: z.string(), temporal: z.string() })

export async function checkApi(server: HttpClient): Promise<readonly Finding[]> {
  const before = Date.now()
  const answer = await server.request('GET', '/ready')
  const middle = (before + Date.now()) / 2
  const parsed = ready.safeParse(answer.body)
  const { postgres, temporal } = parsed.success ? parsed.data : { postgres: 'unknown', temporal: 'unknown' }
  const keys = await server.request('GET', '/api/v1/monitor?page_size=1')
  return [
    finding('API', answer.status === 200, `${server.baseUrl} answers ${answer.status}`, 'look at its log; /ready says what it waits for'),
    finding('PostgreSQL', postgres === 'reachable', `${postgres} for the API`, 'DATABASE_URL of the API says where it is'),
    finding('Temporal, for the API', temporal === 'reachable', temporal, 'TEMPORAL_ADDRESS of the API says where it is'),
    finding(
      'keys',
      keys.status === 200,
      keys.status === 200 ? 'known' : errorsOf(keys),
      'TOCSIN_API_KEY and TOCSIN_APP_KEY, or those of the data directory',
    ),
    ...(answer.dateMs === undefined ? [] : [skewFinding(answer.dateMs, middle)]),
  ]
}

function skewFinding(serverMs: number, ownMs: number): Finding {
  // The header's second has begun half a second ago, on the average.
  const skewMs = Math.round(serverMs + 500 - ownMs)
  return finding(
    'clocks',
    Math.abs(skewMs) <= skewMaxMs,
    `the API’s and this machine’s differ by ${(skewMs / 1_000).toFixed(1)} s`,
    'set both by NTP',
  )
}

/** The engine as it knows itself: one question, however many monitors there are. */
export async function checkEngine(server: HttpClient): Promise<readonly Finding[]> {
  const engine = await ask(server, engineStatus, ['GET', '/api/v2/engine/status'])
  const { monitors, overdue_monitors: overdue, schedule_lag_ms: lag } = engine
  const lagMs = lag.p99 ?? 0
  return [
    finding(
      'overdue monitors',
      monitors.overdue === 0,
      namesOf(
        overdue.map(({ id }) => id),
        monitors.overdue,
        monitors.live,
      ),
      'tocsin history ID; is there a worker for its shard?',
    ),
    finding(
      'lag',
      lagMs <= lagMaxMs,
      `99 of 100 monitors were last evaluated within ${(lagMs / 1_000).toFixed(1)} s of their slot`,
      'more workers, or fewer monitors on this one',
    ),
    finding(
      'stretched monitors',
      monitors.stretched === 0,
      monitors.stretched === 0 ? 'none' : `${monitors.stretched} of ${monitors.live} are evaluated less often than they should be`,
      'the engine is behind: more workers; it gives back what it took once it isn’t',
    ),
    finding(
      'failing monitors',
      monitors.failing === 0,
      namesOf(
        engine.failing_monitors.map(({ id }) => id),
        monitors.failing,
        monitors.live,
      ),
      'tocsin history ID says what its source answers; tocsin sources test NAME',
    ),
  ]
}

function namesOf(ids: readonly number[], all: number, of: number): string {
  const shown = ids.slice(0, namedMax)
  return all === 0 ? `none of ${of}` : `${shown.join(', ')}${all > shown.length ? ` and ${all - shown.length} more` : ''}, of ${of}`
}

export function finding(name: string, ok: boolean, detail: string, remedy: string): Finding {
  return { name, ok, detail, remedy: ok ? null : remedy }
}
