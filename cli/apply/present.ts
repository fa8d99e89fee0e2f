/**
 * What the server has, as far as files may hold it. Keys of monitors that are in no file yet are made of their id and their creation,
 * so that they are the same at each export and no other server's. Read next: plan.ts, export.ts.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ask } from '../answers.ts'
import type { HttpClient } from '../http.ts'
import { keptMonitors } from '../ids.ts'
import type { Terminal } from '../terminal.ts'
import type { Body } from './desired.ts'
import { type PresentDowntime, readDowntimes } from './present-downtimes.ts'
import { type PresentReceiver, readReceivers } from './present-receivers.ts'
import { type PresentRule, readRules } from './present-rules.ts'

/** `kept`: under a key of a file, and not one that was made here. */
export type PresentMonitor = Readonly<{ id: number; key: string; kept: boolean; name: string; type: string; body: Body }>

export type PresentState = Readonly<{
  monitors: readonly PresentMonitor[]
  downtimes: readonly PresentDowntime[]
  receivers: readonly PresentReceiver[]
  rules: readonly PresentRule[]
}>

/** As large as the API gives them. */
const pageSize = 1_000

const monitorShape = z.looseObject({ id: z.number(), name: z.string(), type: z.string(), query: z.string(), created: z.string() })

export async function readPresent(server: HttpClient, terminal: Terminal): Promise<PresentState> {
  const keys = new Map((await keptMonitors(server)).map(({ id, key }) => [id, key]))
  const monitors: PresentMonitor[] = []
  for await (const page of pagesOfMonitors(server)) {
    for (const monitor of page) {
      const key = keys.get(monitor.id)
      const { id, name, type } = monitor
      monitors.push({ id, key: key ?? keyOf(monitor), kept: key !== undefined, name, type, body: monitor })
    }
    terminal.progress(`${monitors.length} monitors read`)
  }
  terminal.progress(null)
  return { monitors, downtimes: await readDowntimes(server), receivers: await readReceivers(server), rules: await readRules(server) }
}

/** All monitors in order of their ids, with their assets. */
export async function* pagesOfMonitors(server: HttpClient): AsyncGenerator<readonly z.output<typeof monitorShape>[]> {
  for (let last = 0; ; ) {
    const path = `/api/v1/monitor?with_assets=true&page_size=${pageSize}&id_offset=${last}`
    const page = await ask(server, z.array(monitorShape), ['GET', path])
    yield page
    if (page.length < pageSize) return
    last = page.at(-1)?.id ?? last
  }
}

/** Of a monitor that no file keeps. */
function keyOf({ id, created }: Readonly<{ id: number; created: string }>): string {
  return `monitor-${id}-${createHash('sha256').update(`${id} ${created}`).digest('hex').slice(0, 8)}`
}
