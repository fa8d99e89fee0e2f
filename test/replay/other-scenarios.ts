import type { NotificationStore } from '../../activities/notification-ports.ts'
import type { ActivityPorts } from '../../activities/ports.ts'
import type { ReconcileStore } from '../../activities/watch-ports.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { closedBreaker } from '../../core/delivery/breaker.ts'
import { laneWorkflowIdOf, notifyWorkflowIdOf, reconcileWorkflowId, wakeSignal } from '../../workflows/messages.ts'
import { nothingToTell, unusedLanes } from '../support/memory-ports.ts'
import { untoldMonitorIds } from './monitor-scenarios.ts'
import { queues, type Stage } from './stage.ts'

type Played = Readonly<{ name: string; workflowId: string; runId: string }>

/** Notifications of these are planned at once, or when the store is back. */
const notified = [
  { name: 'planned', monitorId: 5_001 },
  { name: 'retried', monitorId: 5_002 },
] as const
/** How often the store is away first: also longer than a workflow task lasts. */
const retriesFirst = 6

/** Lanes, by how many drains find something open: none, some, and more than a run takes. */
const lanes = [
  { name: 'gone', drains: 0 },
  { name: 'waiting', drains: 3 },
  { name: 'carried-over', drains: 70 },
] as const

/** The ports of notify, deliver and reconcile. */
export function otherPorts(): Pick<ActivityPorts, 'notifications' | 'lanes' | 'notifiers' | 'renderer' | 'reconcile' | 'runtime'> {
  return {
    notifications: notificationStore(),
    lanes: laneStore(),
    notifiers: [],
    renderer: messageRenderer(),
    reconcile: reconcileStore(),
    runtime: {
      start: async () => {},
      respecify: async () => {},
      stop: async () => {},
      restart: async () => {},
      terminate: async () => {},
      shardOf: () => 0,
      isRunning: async () => false,
      running: async function* () {},
      startNotify: async () => {},
      wakeLane: async () => {},
    },
  }
}

function notificationStore(): NotificationStore {
  let tries = 0
  return {
    ...nothingToTell,
    unplanned: async (monitorId) => {
      if (untoldMonitorIds.includes(monitorId)) throw new Error('PostgreSQL is away')
      if (monitorId === 5_002) tries += 1
      if (monitorId === 5_002 && tries <= retriesFirst) throw new Error('PostgreSQL is away')
      return []
    },
    asleep: async () => ['log', 'webhook-ops'],
  }
}

/** Receivers of a kind that nobody knows: each drain finds what is open, and waits. */
function laneStore(): ActivityPorts['lanes'] {
  const drained = new Map<string, number>()
  return {
    ...unusedLanes,
    begin: async () => ({ breaker: closedBreaker, pausedUntilMs: null, refreshedAtMs: null }),
    end: async () => {},
    rest: async () => {},
    explain: async () => {},
    giveUp: async () => 0,
    receiver: async (name) => (name === 'gone' ? null : { name, kind: 'newer', config: {} }),
    outlook: async (name) => {
      const count = (drained.get(name) ?? 0) + 1
      drained.set(name, count)
      const open = count <= (lanes.find((lane) => lane.name === name)?.drains ?? 0) ? 1 : 0
      return { open, nextInMs: null, oldestMs: 0 }
    },
  }
}

/** One definition to apply in the first pass, and every seventh pass fails. */
function reconcileStore(): ReconcileStore {
  let passes = 0
  const monitor = { monitorId: 1, version: 1, type: 'query alert', name: 'CPU', priority: null, tags: [], confirmed: false }
  return {
    unapplied: async () => {
      passes += 1
      if (passes % 7 === 0) throw new Error('PostgreSQL is away')
      return passes === 1 ? [monitor] : []
    },
    unstopped: async () => [],
    markStopped: async () => {},
    page: async () => [],
    unplanned: async () => [],
    untended: async () => [],
    overdue: async () => ({ monitors: [], live: 0, servedShards: [] }),
  }
}

export async function playNotifications(stage: Stage): Promise<Played[]> {
  return Promise.all(
    notified.map(async ({ name, monitorId }) => {
      const workflowId = notifyWorkflowIdOf(monitorId, 1)
      const handle = await stage.workflow.start('notify', { workflowId, taskQueue: queues.notify, args: [{ monitorId, sequence: 1 }] })
      await handle.result()
      return { name, workflowId, runId: handle.firstExecutionRunId }
    }),
  )
}

/** Each is woken once more while it waits. Only where time is skipped: they wait for minutes. */
export async function playLanes(stage: Stage): Promise<Played[]> {
  const played: Played[] = []
  for (const { name } of lanes) {
    const workflowId = laneWorkflowIdOf(name)
    const options = { workflowId, taskQueue: queues.notify, args: [{ receiver: name }], signal: wakeSignal }
    const handle = await stage.workflow.signalWithStart('deliver', options)
    await handle.signal(wakeSignal).catch(() => {})
    await stage.workflow.getHandle(workflowId).result()
    played.push({ name, workflowId, runId: handle.signaledRunId })
  }
  return played
}

/** A whole run of the reconciler, into the next. */
export async function playReconcile(stage: Stage): Promise<Played> {
  const options = { workflowId: reconcileWorkflowId, taskQueue: queues.control, args: [{ pass: 0 }] }
  const handle = await stage.workflow.start('reconcile', options)
  await stage.pass('10 minutes')
  return { name: 'whole-run', workflowId: reconcileWorkflowId, runId: handle.firstExecutionRunId }
}
