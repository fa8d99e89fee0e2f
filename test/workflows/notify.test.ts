import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverActivities } from '../../activities/deliver.ts'
import type { DeliveryReceipt, NotificationJob, Notifier, OutgoingMessage } from '../../activities/notification-ports.ts'
import { planNotificationActivities } from '../../activities/plan-notification.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { notifyWorkflowIdOf } from '../../workflows/messages.ts'
import type { notify } from '../../workflows/notify.ts'
import { type FakeNotificationStore, fakeNotificationStore } from '../support/fake-notifications.ts'
import { notificationJob } from '../support/notification-job.ts'
import { timeSkippingEnvironment } from '../support/temporal.ts'

let environment: TestWorkflowEnvironment
let workflowBundle: WorkflowBundleWithSourceMap
beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('../../workflows/notify.ts', import.meta.url))
  const logger = new DefaultLogger('WARN')
  ;[environment, workflowBundle] = await Promise.all([timeSkippingEnvironment(), bundleWorkflowCode({ workflowsPath, logger })])
})
afterAll(() => environment.teardown())

/** What the receivers of a test do: `attempt` counts per message, from 1. */
type Script = (message: OutgoingMessage, receiver: string, attempt: number) => DeliveryReceipt
type Sent = Readonly<{ id: string; receiver: string; sequence: number; atMs: number }>

const ok: DeliveryReceipt = { kind: 'delivered', detail: 'ok' }
const down: DeliveryReceipt = { kind: 'retry', reason: 'HTTP 503', afterMs: null }

function scripted(script: Script): { notifiers: Notifier[]; sent: Sent[] } {
  const sent: Sent[] = []
  const notifier = (kind: string): Notifier => ({
    kind,
    deliver: async (message, receiver) => {
      const attempt = sent.filter((one) => one.id === message.id).length + 1
      sent.push({ id: message.id, receiver: receiver.name, sequence: message.transition.sequence, atMs: await environment.currentTimeMs() })
      return script(message, receiver.name, attempt)
    },
  })
  return { notifiers: [notifier('log'), notifier('webhook')], sent }
}

type Run = Readonly<{
  answer: Awaited<ReturnType<typeof notify>>
  sent: readonly Sent[]
  store: FakeNotificationStore
  deliveredCount: number
}>

async function run(
  job: NotificationJob,
  script: Script,
  options: Readonly<{ kinds?: Readonly<Record<string, string>>; times?: number }> = {},
): Promise<Run> {
  const names = ['webhook-ops', 'webhook-second']
  const store = fakeNotificationStore(
    [job],
    names.map((name) => ({ name, kind: options.kinds?.[name] ?? 'webhook', config: {} })),
  )
  const { notifiers, sent } = scripted(script)
  let deliveredCount = 0
  const metrics = {
    evaluation: () => {},
    transition: () => {},
    commitDiverged: () => {},
    slotsMissed: () => {},
    delivery: (_kind: string, outcome: string) => {
      if (outcome === 'delivered') deliveredCount += 1
    },
  }
  const taskQueue = randomUUID()
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle,
    activities: {
      ...planNotificationActivities({ notifications: store, renderer: messageRenderer() }),
      ...deliverActivities({ notifications: store, notifiers, metrics, clock: Date.now }),
    },
  })
  const { monitorId, sequence } = job
  const answer = await worker.runUntil(async () => {
    let last: Run['answer'] = { receivers: {} }
    for (let time = 0; time < (options.times ?? 1); time += 1) {
      last = await environment.client.workflow.execute<typeof notify>('notify', {
        workflowId: `${notifyWorkflowIdOf(monitorId, sequence)}-${taskQueue}`,
        taskQueue,
        args: [{ monitorId, sequence }],
      })
    }
    return last
  })
  return { answer, sent, store, deliveredCount }
}

const job = (groups: readonly string[], message: string): NotificationJob => notificationJob(groups, { message })
const sequencesTo = (sent: readonly Sent[], receiver: string): number[] =>
  sent.filter((one) => one.receiver === receiver).map((one) => one.sequence)

test('each transition goes to the log and to each receiver it names, in order', async () => {
  const { answer, sent, store, deliveredCount } = await run(job(['host:a', 'host:b'], '{{host.name}} @webhook-ops'), () => ok)
  expect(answer).toEqual({ receivers: { log: { delivered: 2, abandoned: null }, 'webhook-ops': { delivered: 2, abandoned: null } } })
  expect(sequencesTo(sent, 'log')).toEqual([1, 2])
  expect(sequencesTo(sent, 'webhook-ops')).toEqual([1, 2])
  expect(store.deliveries().map(({ status, body }) => [status, body])).toEqual([
    ['delivered', 'a @webhook-ops'],
    ['delivered', 'a @webhook-ops'],
    ['delivered', 'b @webhook-ops'],
    ['delivered', 'b @webhook-ops'],
  ])
  expect(deliveredCount).toBe(4)
})

test('a message goes only to the receivers that its own rendering names', async () => {
  const { sent } = await run(job(['host:ops', 'host:second'], '@webhook-{{host.name}}'), () => ok)
  expect(sequencesTo(sent, 'webhook-ops')).toEqual([1])
  expect(sequencesTo(sent, 'webhook-second')).toEqual([2])
  expect(sequencesTo(sent, 'log')).toEqual([1, 2])
})

test('handles that nobody has configured are recorded and harm nothing', async () => {
  const { answer, store } = await run(job(['*'], '@nobody @user@example.com @webhook-ops'), () => ok)
  expect(Object.keys(answer.receivers).sort()).toEqual(['log', 'webhook-ops'])
  expect(store.unknownHandles()).toEqual(['nobody', 'user@example.com'])
})

test('what could not be rendered is sent with a note', async () => {
  const { store } = await run(job(['*'], '{{#is_alert}} @webhook-ops'), () => ok)
  expect(store.deliveries()[0]?.body).toMatch(
    /^\{\{#is_alert\}\} @webhook-ops\n\n\(The message could not be rendered and stands as it was written: the block is_alert is never closed/,
  )
})

test('a receiver that is down for a while gets each message, under the same id as at first', async () => {
  const { answer, sent, store } = await run(job(['host:a', 'host:b'], '@webhook-ops'), (_message, receiver, attempt) =>
    receiver === 'webhook-ops' && attempt < 4 ? down : ok,
  )
  expect(answer.receivers['webhook-ops']).toEqual({ delivered: 1, abandoned: null })
  expect(sequencesTo(sent, 'webhook-ops')).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
  expect(new Set(sent.filter((one) => one.receiver === 'webhook-ops').map((one) => one.id)).size).toBe(2)
  expect(store.deliveries().filter((one) => one.receiver === 'webhook-ops')).toEqual([
    expect.objectContaining({ status: 'delivered', attempts: 4 }),
    expect.objectContaining({ status: 'delivered', attempts: 4 }),
  ])
})

test('a Retry-After is waited for', async () => {
  const { sent } = await run(job(['*'], '@webhook-ops'), (_message, receiver, attempt) =>
    receiver === 'webhook-ops' && attempt === 1 ? { kind: 'retry', reason: 'HTTP 429', afterMs: 120_000 } : ok,
  )
  const [first, second] = sent.filter((one) => one.receiver === 'webhook-ops').map((one) => one.atMs)
  const waitedMs = (second ?? 0) - (first ?? 0)
  expect(waitedMs).toBeGreaterThanOrEqual(119_000)
  expect(waitedMs).toBeLessThan(160_000)
})

test('a receiver that refuses one message still gets the next, and is asked once', async () => {
  const { answer, sent, store } = await run(job(['host:a', 'host:b'], '@webhook-ops'), (message, receiver) =>
    receiver === 'webhook-ops' && message.transition.sequence === 1 ? { kind: 'refused', reason: 'HTTP 400' } : ok,
  )
  expect(answer.receivers['webhook-ops']).toEqual({ delivered: 1, abandoned: null })
  expect(sequencesTo(sent, 'webhook-ops')).toEqual([1, 2])
  const statuses = store.deliveries().filter((one) => one.receiver === 'webhook-ops')
  expect(statuses.map(({ status, detail }) => [status, detail])).toEqual([
    ['dead', 'HTTP 400'],
    ['delivered', 'ok'],
  ])
})

test('a receiver that stays dead for a day is given up, and no other one waits for it', async () => {
  const { answer, sent, store } = await run(job(['host:a', 'host:b'], '@webhook-ops @webhook-second'), (_message, receiver) =>
    receiver === 'webhook-ops' ? down : ok,
  )
  expect(answer.receivers).toEqual({
    log: { delivered: 2, abandoned: null },
    'webhook-second': { delivered: 2, abandoned: null },
    'webhook-ops': { delivered: 0, abandoned: 'given up: HTTP 503' },
  })
  const toDead = sent.filter((one) => one.receiver === 'webhook-ops')
  const toOthers = sent.filter((one) => one.receiver !== 'webhook-ops')
  expect(Math.max(...toOthers.map((one) => one.atMs)) - Math.min(...toDead.map((one) => one.atMs))).toBeLessThan(60_000)
  const triedForMs = Math.max(...toDead.map((one) => one.atMs)) - Math.min(...toDead.map((one) => one.atMs))
  expect(triedForMs).toBeGreaterThan(23 * 3_600_000)
  expect(triedForMs).toBeLessThanOrEqual(24 * 3_600_000)
  // Never more often than every five minutes once the first minutes are over.
  expect(toDead.length).toBeLessThan(320)
  expect(
    store
      .deliveries()
      .filter((one) => one.status === 'dead')
      .map((one) => one.receiver),
  ).toEqual(['webhook-ops', 'webhook-ops'])
})

test('a receiver of a kind that no worker knows is given up after a day', async () => {
  const { answer } = await run(job(['*'], '@webhook-ops'), () => ok, { kinds: { 'webhook-ops': 'pigeon' } })
  expect(answer.receivers['webhook-ops']?.abandoned).toMatch(/this worker knows no receivers of the kind pigeon/)
})

test('a commit that is notified again finds nothing left to send', async () => {
  const { answer, sent } = await run(job(['host:a'], '@webhook-ops'), () => ok, { times: 2 })
  expect(answer.receivers['webhook-ops']).toEqual({ delivered: 0, abandoned: null })
  expect(sent).toHaveLength(2)
})

test('hundreds of messages go out in order, in calls of a bounded size', async () => {
  const groups = Array.from({ length: 250 }, (_, index) => `host:${index}`)
  const { answer, sent } = await run(job(groups, '@webhook-ops'), () => ok)
  expect(answer.receivers['webhook-ops']).toEqual({ delivered: 250, abandoned: null })
  expect(sequencesTo(sent, 'webhook-ops')).toEqual(groups.map((_, index) => index + 1))
})

test('a commit that is not there, or has nothing to tell, ends at once', async () => {
  const { answer, sent } = await run({ ...job([], ''), transitions: [] }, () => ok)
  expect(answer).toEqual({ receivers: {} })
  expect(sent).toEqual([])
})
