/**
 * All configured cells: a client of each, and one runtime that asks the cell in which a monitor or a lane lives. Where that is stands in
 * PostgreSQL (the port Places). Never decides who lives where. Read next: runtime.ts, connect.ts, core/schedule/cells.ts.
 */
import type { ClientOptions } from '@temporalio/client'
import type { Places } from '../../activities/place-ports.ts'
import type { MonitorRuntime } from '../../activities/ports.ts'
import type { RuntimeMonitor } from '../../core/monitor/spec-types.ts'
import type { Cell, TemporalConfig } from '../../temporal.config.ts'
import { lazyTemporalClient } from './connect.ts'
import { RuntimeUnavailable } from './errors.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from './runtime.ts'

/** What can be asked without knowing where somebody lives. */
export type RoutedRuntime = Omit<TemporalMonitorRuntime, 'running' | 'shardOf' | 'startReconcile' | 'restart' | 'isRunning'>

export type Cells = Readonly<{
  routed: RoutedRuntime
  /** For the activities of this cell's workers: its own monitors, and everybody's lanes and notifications. */
  runtimeIn: (cell: Cell) => TemporalMonitorRuntime
  /** Whether all of them answer; never rejects. */
  reachable: () => Promise<boolean>
  /** Whether this one does; false where it isn't configured. */
  answers: (name: string) => Promise<boolean>
  /**
   * Starts a monitor that was given to the cell `to`, and ends its workflow in `from`. False where either has to wait for the
   * reconcilers: they do the same.
   */
  follow: (monitor: RuntimeMonitor, from: string, to: string) => Promise<boolean>
  close: () => Promise<void>
}>

export function openCells(config: TemporalConfig, places: Places, plugins: ClientOptions['plugins'] = []): Cells {
  const clients = new Map(config.cells.map((cell) => [cell.name, lazyTemporalClient(cell, plugins)]))
  const runtimes = new Map<string, TemporalMonitorRuntime>()
  for (const cell of config.cells) {
    const client = clients.get(cell.name)
    if (client !== undefined) runtimes.set(cell.name, createMonitorRuntime(client.client, config, cell))
  }
  const names = config.cells.map(({ name }) => name)
  const first = config.cells[0].name

  function runtimeOf(name: string, whose: string): TemporalMonitorRuntime {
    const runtime = runtimes.get(name)
    if (runtime !== undefined) return runtime
    throw new RuntimeUnavailable(`${whose} lives in the cell ${name}, which isn't among those of TOCSIN_CELLS (${names.join(', ')})`)
  }
  const home = async (monitorId: number): Promise<TemporalMonitorRuntime> =>
    runtimeOf((await places.cellOf(monitorId)) ?? first, `monitor ${monitorId}`)
  const everybodys: Pick<MonitorRuntime, 'startNotify' | 'wakeLane'> = {
    startNotify: async (monitorId, sequence) => (await home(monitorId)).startNotify(monitorId, sequence),
    wakeLane: async (receiver) => {
      const name = names.length === 1 ? first : await places.laneCell(receiver, names)
      return runtimeOf(name, `the lane of ${receiver}`).wakeLane(receiver)
    },
  }
  return {
    routed: {
      ...routedBy(home),
      ...everybodys,
      // A source is nobody's: any cell will do, and who types waits for no look at where a monitor lives.
      look: async (ask, cancelled) => runtimeOf(first, 'a look').look(ask, cancelled),
    },
    runtimeIn: ({ name }) => ({ ...runtimeOf(name, 'a worker'), ...everybodys }),
    reachable: async () => (await Promise.all([...clients.values()].map(({ reachable }) => reachable()))).every(Boolean),
    answers: async (name) => (await clients.get(name)?.reachable()) ?? false,
    follow: async (monitor, from, to) => {
      try {
        await runtimeOf(to, `monitor ${monitor.monitorId}`).start(monitor)
        await runtimeOf(from, `monitor ${monitor.monitorId}`).terminate(monitor.monitorId, `lives in the cell ${to} now`)
        return true
      } catch (error) {
        if (error instanceof RuntimeUnavailable) return false
        throw error
      }
    },
    close: async () => {
      await Promise.all([...clients.values()].map(({ close }) => close()))
    },
  }
}

function routedBy(home: (monitorId: number) => Promise<TemporalMonitorRuntime>): Omit<RoutedRuntime, 'startNotify' | 'wakeLane' | 'look'> {
  return {
    start: async (monitor) => (await home(monitor.monitorId)).start(monitor),
    respecify: async (monitor) => (await home(monitor.monitorId)).respecify(monitor),
    stop: async (monitorId) => (await home(monitorId)).stop(monitorId),
    terminate: async (monitorId, reason) => (await home(monitorId)).terminate(monitorId, reason),
    resolve: async (monitorId, groups) => (await home(monitorId)).resolve(monitorId, groups),
    acknowledge: async (monitorId, ask) => (await home(monitorId)).acknowledge(monitorId, ask),
    evaluateNow: async (monitorId) => (await home(monitorId)).evaluateNow(monitorId),
    pause: async (monitorId) => (await home(monitorId)).pause(monitorId),
    resume: async (monitorId) => (await home(monitorId)).resume(monitorId),
    state: async (monitorId) => (await home(monitorId)).state(monitorId),
    backtest: async (input, cancelled) => (await home(input.definition.monitorId)).backtest(input, cancelled),
  }
}
