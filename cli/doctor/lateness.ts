/** Monitors that are overdue, how late evaluations are, and whose sources fail, from what the API says of each. Read next: checks.ts. */
import { z } from 'zod'
import { parseDefinition } from '../../contract/parse.ts'
import { compileSpec } from '../../core/monitor/spec.ts'
import { queryFacts } from '../../core/query/facts.ts'
import type { HttpClient } from '../http.ts'
import type { ListedMonitor } from '../monitors/list.ts'
import { inParallel } from '../parallel.ts'
import type { Terminal } from '../terminal.ts'
import { type Finding, finding } from './checks.ts'

/** Each is one small request; of more monitors than this the first are looked at, evenly spread. */
const lookedAtMax = 2_000
const sideBySide = 8
/** Evaluations are told of a second or two late, and a run that ends takes its moment. */
const graceMs = 60_000
/** Half of that is usual where much happens at once; later than this, people wait for their pages. */
const lagMaxMs = 30_000
const namedMax = 5

const status = z.looseObject({
  id: z.number(),
  paused: z.boolean(),
  health: z.looseObject({ kind: z.string() }).nullable(),
  last_slot: z.number().nullable(),
  last_evaluation: z.looseObject({ slot: z.number(), at: z.string(), outcome: z.string() }).nullable(),
})
type Status = z.output<typeof status>

type Looked = Readonly<{ monitor: ListedMonitor; status: Status }>

export async function checkMonitors(
  server: HttpClient,
  monitors: readonly ListedMonitor[],
  terminal: Terminal,
): Promise<readonly Finding[]> {
  const step = Math.max(1, monitors.length / lookedAtMax)
  const chosen = monitors.filter((_, index) => Math.floor(index % step) === 0)
  const looked: Looked[] = []
  await inParallel(chosen, sideBySide, async (monitor) => {
    const answer = await server.request('GET', `/api/v2/monitor/${monitor.id}/status`)
    const parsed = status.safeParse(answer.body)
    if (parsed.success) looked.push({ monitor, status: parsed.data })
    terminal.progress(`${looked.length} of ${chosen.length} monitors looked at`)
  })
  terminal.progress(null)
  const nowMs = Date.now()
  const overdue = looked.filter((one) => isOverdue(one, nowMs)).map(({ monitor }) => monitor.id)
  const lags = looked.flatMap(({ status: { last_evaluation: last } }) =>
    last?.outcome === 'evaluated' ? [Date.parse(last.at) - last.slot] : [],
  )
  const lagMs = Math.max(0, ...lags)
  const failing = looked.filter(({ status: { health } }) => health?.kind === 'failing').map(({ monitor }) => monitor.id)
  return [
    finding('overdue monitors', overdue.length === 0, named(overdue, looked.length), 'tocsin history ID; is there a worker for its shard?'),
    finding(
      'lag',
      lagMs <= lagMaxMs,
      `the latest evaluation came ${(lagMs / 1_000).toFixed(1)} s after its slot`,
      'more workers, or fewer monitors on this one',
    ),
    finding(
      'failing monitors',
      failing.length === 0,
      named(failing, looked.length),
      'tocsin history ID says what its source answers; tocsin sources test NAME',
    ),
  ]
}

/** Three of its slots have passed. Monitors of set times have no interval. */
function isOverdue({ monitor, status: { paused, last_slot: last } }: Looked, nowMs: number): boolean {
  const parsed = parseDefinition(monitor)
  if (paused || last === null || !parsed.ok) return false
  const { type, query, options } = parsed.value
  const definition = { ...parsed.value, monitorId: monitor.id, version: 0, draftStatus: parsed.value.draft_status }
  const { schedule, intervalMs } = compileSpec(definition, queryFacts(type, query, options.variables))
  return schedule === null && nowMs - last > 3 * intervalMs + graceMs
}

function named(ids: readonly number[], of: number): string {
  const more = ids.length > namedMax ? ` and ${ids.length - namedMax} more` : ''
  return ids.length === 0 ? `none of ${of}` : `${ids.slice(0, namedMax).join(', ')}${more}, of ${of}`
}
