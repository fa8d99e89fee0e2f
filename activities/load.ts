import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import { agendaMax, nextSlot } from '../core/schedule/timetable.ts'
import type { ActivityPorts, LoadedMonitor, LoopBounds } from './ports.ts'
import type { Progress } from './watch-ports.ts'

/** null = the monitor was deleted, or never was. `agenda`: the next times of a schedule of its own, null without one. `at`: now. */
export type LoadReply = (LoadedMonitor & Readonly<{ agenda: readonly number[] | null; bounds: LoopBounds; at: number }>) | null

/** `afterMs`: the last slot that the workflow judged; null = it just begins. `notBefore`: see readClock. */
export type LoadInput = Readonly<{ monitorId: number; afterMs: number | null; notBefore: number }>

/** What a monitor's workflow begins with, and comes back for when its definition changed. */
export function loadActivities(ports: Pick<ActivityPorts, 'monitors' | 'recurrences' | 'progress' | 'clock' | 'bounds'>) {
  return {
    async load({ monitorId, afterMs, notBefore }: LoadInput): Promise<LoadReply> {
      const loaded = await ports.monitors.load(monitorId)
      if (loaded === null) return null
      const at = Math.max(ports.clock(), notBefore)
      const from = afterMs ?? loaded.stored?.lastSlot ?? at
      const agenda = agendaOf(ports, loaded.spec, from)
      ports.progress?.record(progressOf(loaded, { agenda, afterMs, from, at }))
      return { ...loaded, agenda, bounds: ports.bounds.loop, at }
    },
  }
}

/** A monitor that never gets to its first evaluation is missed, too; what it was late for before it was loaded is another matter. */
function progressOf(
  { spec, stored }: LoadedMonitor,
  { agenda, afterMs, from, at }: Readonly<{ agenda: readonly number[] | null; afterMs: number | null; from: number; at: number }>,
): Progress {
  const next = nextSlot({ spec, agenda }, from)
  return {
    monitorId: spec.monitorId,
    priority: spec.priority,
    slot: afterMs ?? stored?.lastSlot ?? null,
    dueAt: next === null ? null : Math.max(next, at),
    intervalMs: spec.intervalMs,
    stretch: 1,
    lagMs: null,
    at,
  }
}

function agendaOf(
  { recurrences }: Pick<ActivityPorts, 'recurrences'>,
  { schedule }: MonitorSpec,
  afterMs: number,
): readonly number[] | null {
  return schedule === null ? null : recurrences.times(schedule, afterMs, null, agendaMax)
}
