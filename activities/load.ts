import type { ActivityPorts, LoadedMonitor, LoopBounds } from './ports.ts'

/** null = the monitor was deleted, or never was. */
export type LoadReply = (LoadedMonitor & Readonly<{ bounds: LoopBounds }>) | null

/** What a monitor's workflow begins with, and comes back for when its definition changed. */
export function loadActivities(ports: Pick<ActivityPorts, 'monitors' | 'bounds'>) {
  return {
    async load(input: Readonly<{ monitorId: number }>): Promise<LoadReply> {
      const loaded = await ports.monitors.load(input.monitorId)
      return loaded === null ? null : { ...loaded, bounds: ports.bounds.loop }
    },
  }
}
