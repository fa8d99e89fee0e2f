import type { DeliveryReceipt, Notifier } from '../../activities/notification-ports.ts'
import type { ActivityPorts, ReconcileStore } from '../../activities/ports.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { notifyWorkflowIdOf, reconcileWorkflowId } from '../../workflows/messages.ts'
import { fakeNotificationStore } from '../support/fake-notifications.ts'
import { notificationJob } from '../support/notification-job.ts'
import { untoldMonitorIds } from './monitor-scenarios.ts'
import { queues, type Stage } from './stage.ts'

type Played = Readonly<{ name: string; workflowId: string; runId: string }>

/** Each job's message names the receiver that behaves as the history is called. */
const jobs = ['delivered', 'retried', 'refused', 'abandoned'].map((name, index) => ({
  name,
  job: notificationJob(['host:a', 'host:b'], { monitorId: 5_001 + index, message: `{{value}} @webhook-${name}` }),
}))
/** Only a time-skipping server gets through the day after which a delivery is given up. */
const slow = ['abandoned']

const receipts: Readonly<Record<string, (attempt: number) => DeliveryReceipt>> = {
  'webhook-retried': (attempt) =>
    attempt % 3 === 0
      ? { kind: 'delivered', detail: 'ok' }
      : { kind: 'retry', reason: 'HTTP 503', afterMs: attempt % 3 === 1 ? 100 : null },
  'webhook-refused': () => ({ kind: 'refused', reason: 'HTTP 410' }),
  'webhook-abandoned': () => ({ kind: 'retry', reason: 'HTTP 503', afterMs: null }),
}

/** The ports of notify and reconcile. */
export function otherPorts(): Pick<ActivityPorts, 'notifications' | 'notifiers' | 'renderer' | 'reconcile' | 'runtime'> {
  const attempts = new Map<string, number>()
  const notifier = (kind: string): Notifier => ({
    kind,
    deliver: async (_message, { name }) => {
      const attempt = (attempts.get(name) ?? 0) + 1
      attempts.set(name, attempt)
      return receipts[name]?.(attempt) ?? { kind: 'delivered', detail: 'ok' }
    },
  })
  const store = fakeNotificationStore(
    jobs.map(({ job }) => job),
    jobs.map(({ name }) => ({ name: `webhook-${name}`, kind: 'webhook', config: {} })),
  )
  return {
    notifications: {
      ...store,
      load: async (monitorId, sequence) => {
        if (untoldMonitorIds.includes(monitorId)) throw new Error('PostgreSQL is away')
        return store.load(monitorId, sequence)
      },
    },
    notifiers: [notifier('log'), notifier('webhook')],
    renderer: messageRenderer(),
    reconcile: reconcileStore(),
    runtime: {
      start: async () => {},
      respecify: async () => {},
      stop: async () => {},
      isRunning: async () => false,
      running: async function* () {},
      startNotify: async () => {},
      wakeLane: async () => {},
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
  }
}

export async function playNotifications(stage: Stage, kind: 'quick' | 'slow'): Promise<Played[]> {
  const chosen = jobs.filter(({ name }) => slow.includes(name) === (kind === 'slow'))
  return Promise.all(
    chosen.map(async ({ name, job: { monitorId, sequence } }) => {
      const workflowId = notifyWorkflowIdOf(monitorId, sequence)
      const handle = await stage.workflow.start('notify', { workflowId, taskQueue: queues.notify, args: [{ monitorId, sequence }] })
      await handle.result()
      return { name, workflowId, runId: handle.firstExecutionRunId }
    }),
  )
}

/** A whole run of the reconciler, into the next. */
export async function playReconcile(stage: Stage): Promise<Played> {
  const options = { workflowId: reconcileWorkflowId, taskQueue: queues.control, args: [{ pass: 0 }] }
  const handle = await stage.workflow.start('reconcile', options)
  await stage.pass('10 minutes')
  return { name: 'whole-run', workflowId: reconcileWorkflowId, runId: handle.firstExecutionRunId }
}
