/**
 * A worker process of the benchmark: the real Workers and activities over a scripted source and a store in memory. Counts
 * evaluations by monitor; never judges. Read next: source.ts, worker-process.ts.
 */

import { fixedSources } from '../../activities/fixed-sources.ts'
import { createActivities } from '../../activities/index.ts'
import type { EvaluateReply, EvaluateRequest } from '../../core/monitor/evaluation.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { specOf } from '../../test/core/monitor/fixtures.ts'
import { memoryPorts } from '../../test/support/memory-ports.ts'
import { serveCrew } from '../serve-crew.ts'
import { type GroupsWorkerSettings, groupsWorkerSettingsSchema } from './settings.ts'
import { scriptedGroups } from './source.ts'

const counts: Record<string, number> = {}

const settings = groupsWorkerSettingsSchema.parse(JSON.parse(process.argv[2] ?? ''))
await serveCrew(settings, countedActivities(settings), () => process.send?.(counts))

function countedActivities({ monitors, intervalMs }: GroupsWorkerSettings): object {
  const behaviours = new Map(monitors.map(({ monitorId, ...behaviour }) => [monitorId, behaviour]))
  const ports = {
    ...memoryPorts(() => ({}), loadTemporalConfig({}).loop),
    // The query's text names the monitor: it is all that a source gets to see.
    sources: fixedSources([scriptedGroups(behaviours, intervalMs, Number)]),
  }
  for (const { monitorId, groups } of monitors) {
    const groupsMax = Math.max(groups, 20_000)
    ports.monitors.define(specOf({ monitorId, intervalMs, groupsMax, query: String(monitorId), groupBy: ['host', 'service'] }))
  }
  const { evaluate, ...others } = createActivities(ports)
  return {
    ...others,
    evaluate: async (request: EvaluateRequest): Promise<EvaluateReply> => {
      const { monitorId } = request.known.spec
      counts[monitorId] = (counts[monitorId] ?? 0) + 1
      return evaluate(request)
    },
  }
}
