import { fixedSources } from '../../activities/fixed-sources.ts'
import type { LaneStore } from '../../activities/lane-ports.ts'
import type { NotificationStore } from '../../activities/notification-ports.ts'
import type { ActivityPorts, Datasource, EngineMetrics, EvaluationLog, LoopBounds, MonitorRuntime } from '../../activities/ports.ts'
import { SourceError } from '../../activities/ports.ts'
import { type MemoryMonitorStore, memoryMonitorStore } from './memory-monitor-store.ts'

/** Values per group as of a slot; an Error is what the source then fails with. */
export type Script = (slot: number) => Readonly<Record<string, number>> | Error

/** Follows a script, so that what must happen is known beforehand. Rejects with anything but SourceError if told to. */
export function scriptedSource(script: Script): Datasource {
  return {
    types: ['query alert'],
    query: async ({ slots }) =>
      slots.map((slot) => {
        const values = script(slot)
        if (values instanceof Error) throw values
        return { slot, values }
      }),
  }
}

export const sourceAway = (): SourceError => new SourceError('unreachable', 'connection refused')

export const silentMetrics: EngineMetrics = {
  evaluation: () => {},
  transition: () => {},
  commitDiverged: () => {},
  delivery: () => {},
  slotsMissed: () => {},
  repaired: () => {},
}

export const silentEvaluations: EvaluationLog = { record: () => {} }

const unused = (): never => {
  throw new Error('not a part of this test')
}

/** Nothing was committed that is to be told. */
export const nothingToTell: NotificationStore = {
  load: async () => null,
  receivers: unused,
  rules: async () => [],
  unplanned: async () => [],
  episodes: unused,
  plan: unused,
  asleep: async () => [],
}

export const unusedLanes: LaneStore = {
  receiver: unused,
  episodes: unused,
  begin: unused,
  end: unused,
  save: unused,
  rest: unused,
  waiting: unused,
  outlook: unused,
  messages: unused,
  fold: unused,
  makeDigest: unused,
  record: unused,
  giveUp: unused,
  hurry: unused,
  explain: unused,
  standIn: unused,
  sentAt: unused,
  remindable: unused,
}

export const unusedRuntime: MonitorRuntime = {
  start: unused,
  respecify: unused,
  stop: unused,
  restart: unused,
  terminate: unused,
  shardOf: unused,
  running: unused,
  isRunning: unused,
  startNotify: unused,
  wakeLane: unused,
}

export type MemoryPorts = ActivityPorts & Readonly<{ monitors: MemoryMonitorStore }>

/** Ports for tests of the monitor workflow: nothing is delivered and nothing reconciled. */
export function memoryPorts(script: Script, loop: Partial<LoopBounds> = {}): MemoryPorts {
  return {
    monitors: memoryMonitorStore(),
    notifications: nothingToTell,
    lanes: unusedLanes,
    reconcile: {
      unapplied: unused,
      unstopped: unused,
      markStopped: unused,
      page: unused,
      unplanned: unused,
      untended: unused,
      overdue: unused,
    },
    runtime: unusedRuntime,
    sources: fixedSources([scriptedSource(script)]),
    recurrences: { times: unused },
    downtimes: null,
    causes: null,
    notifiers: [],
    renderer: { render: unused },
    metrics: silentMetrics,
    evaluations: silentEvaluations,
    clock: Date.now,
    bounds: { evaluateTimeoutMs: 5_000, loop: { evaluationsPerRun: 25, catchUpBatchMax: 60, catchUpHorizonMs: 86_400_000, ...loop } },
  }
}
