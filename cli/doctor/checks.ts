/**
 * What `doctor` looks at. Each finding says what is, and what to do where it isn't well. Read next: checks-temporal.ts, lateness.ts.
 */
import { z } from 'zod'
import { errorsOf, type HttpClient } from '../http.ts'

/** `remedy` is null where nothing is wrong. */
export type Finding = Readonly<{ name: string; ok: boolean; detail: string; remedy: string | null }>

/** Evaluations are placed by clocks of two machines; beyond this a slot looks late that isn't. The header has whole seconds. */
const skewMaxMs = 5_000

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

export function finding(name: string, ok: boolean, detail: string, remedy: string): Finding {
  return { name, ok, detail, remedy: ok ? null : remedy }
}
