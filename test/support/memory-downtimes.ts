import type { DowntimeSource } from '../../activities/ports.ts'
import { downtimesAt, type PlannedDowntime } from '../../core/scenario/plan.ts'

/** One planned downtime, and the monitors that it is about. */
export type MemoryDowntime = PlannedDowntime & Readonly<{ monitorId: number | null; monitorTags: readonly string[] }>

/** A list that is looked through at each question: what any source must come to. */
export function memoryDowntimes(list: () => readonly MemoryDowntime[]): DowntimeSource {
  return {
    inForce: async ({ monitorId, tags }, slots) => {
      const about = list().filter((planned) =>
        planned.monitorId === null
          ? planned.monitorTags.every((tag) => tag === '*' || tags.includes(tag))
          : planned.monitorId === monitorId,
      )
      return slots.map((slot) => downtimesAt({ downtimes: about }, slot))
    },
  }
}
