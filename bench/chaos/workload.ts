/** The monitors of a run: created over the API before the first fault, and written down. Read next: script.ts. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { errorsOf } from '../../cli/http.ts'
import { inParallel } from '../../cli/parallel.ts'
import { definitionOf, type ScriptPace } from './script.ts'
import type { Stage } from './stage.ts'

/** `firstSlot`: the first that was evaluated; 0 = none yet. A workflow that is reset to its beginning counts from later on. */
const watched = z.array(z.object({ index: z.number(), monitorId: z.number(), firstSlot: z.number() }))
export type Watched = z.output<typeof watched>

const created = z.object({ id: z.number() })
/** Requests at once: creating is PostgreSQL's and Temporal's work, of which two cores do this much. */
const createAtOnce = 8
const sayEvery = 500

const fileOf = (folder: string): string => join(folder, 'monitors.json')

/** Goes on where an earlier run of the same folder stopped. */
export async function createMonitors(stage: Stage, count: number, pace: ScriptPace, say: (line: string) => void): Promise<void> {
  const all: Watched[number][] = []
  await inParallel([...Array(count).keys()], createAtOnce, async (index) => {
    // A key of its own: asked twice, it is the same monitor.
    const answer = await stage.http.request('PUT', `/api/v2/monitor/by-key/chaos-${index}`, definitionOf(index, pace))
    if (answer.status >= 300) throw new Error(`monitor ${index} was refused: ${errorsOf(answer)}`)
    all.push({ index, monitorId: created.parse(answer.body).id, firstSlot: 0 })
    if (all.length % sayEvery === 0) say(`${all.length} of ${count} monitors are created`)
  })
  writeFileSync(fileOf(stage.folder), JSON.stringify(all.sort((one, other) => one.index - other.index)))
}

/** Once all are on schedule, and before the first fault. */
export async function noteFirstSlots({ pool, folder }: Stage): Promise<void> {
  const { rows } = await pool.query<{ id: number; slot: number }>('select monitor_id as id, min(slot) as slot from evaluations group by 1')
  const first = new Map(rows.map(({ id, slot }) => [id, slot]))
  writeFileSync(fileOf(folder), JSON.stringify(watchedOf(folder).map((one) => ({ ...one, firstSlot: first.get(one.monitorId) ?? 0 }))))
}

export function watchedOf(folder: string): Watched {
  return watched.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')))
}

export function watchedIds(folder: string): readonly number[] {
  return watchedOf(folder).map(({ monitorId }) => monitorId)
}
