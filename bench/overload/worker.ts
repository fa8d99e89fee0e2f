/**
 * A worker process of the benchmark: the real Workers and activities over a store in memory and a source in
 * memory. Counts; never judges. Read next: overload.ts.
 */
import { createActivities } from '../../activities/index.ts'
import { createPressure } from '../../activities/pressure.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { specOf } from '../../test/core/monitor/fixtures.ts'
import { memoryPorts } from '../../test/support/memory-ports.ts'
import { serveCrew } from '../serve-crew.ts'
import { type OverloadSettings, overloadSettingsSchema, priorityOf } from './settings.ts'

let sample = emptySample()
let stretchedAt: number | null = null
const pressure = createPressure(Date.now)

const settings = overloadSettingsSchema.parse(JSON.parse(process.argv[2] ?? ''))
await serveCrew(settings, countedActivities(settings), () => {
  process.send?.({ ...sample, level: settings.stretches ? pressure.summary().level : 0, stretchedAt })
  sample = emptySample()
})

function countedActivities({ monitors, intervalMs, stretches }: OverloadSettings): object {
  const memory = memoryPorts(() => ({ 'host:a': 1 }), loadTemporalConfig({}).loop)
  for (let id = 1; id <= monitors; id += 1) memory.monitors.define(specOf({ monitorId: id, intervalMs, priority: priorityOf(id) }))
  return createActivities({
    ...memory,
    progress: {
      record: ({ lagMs, priority, stretch }) => {
        if (lagMs === null) return
        sample.evaluations += 1
        sample.lagsMs[String(priority)]?.push(lagMs)
        if (stretch > 1) stretchedAt ??= Date.now()
      },
    },
    ...(stretches ? { pressure } : {}),
  })
}

function emptySample(): { lagsMs: Record<string, number[]>; evaluations: number } {
  return { lagsMs: { 1: [], 2: [], 3: [], 4: [], 5: [] }, evaluations: 0 }
}
