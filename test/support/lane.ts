/** Planning and draining on a real database, with receivers that follow a script. Each test has a monitor of its own. */
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { type DrainAnswer, drainActivities } from '../../activities/drain.ts'
import type { DeliveryReceipt, NotificationSubject, Notifier, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { type PlanAnswer, planNotificationActivities } from '../../activities/plan-notification.ts'
import type { ActivityPorts } from '../../activities/ports.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { laneStore } from '../../adapters/postgres/queries/lanes.ts'
import { notificationStore } from '../../adapters/postgres/queries/notifications.ts'
import { createReceiver } from '../../adapters/postgres/queries/receivers.ts'
import type { DeliveryPolicy } from '../../core/delivery/policy.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { insertCommit, insertJob } from './insert-job.ts'
import { silentMetrics, unusedRuntime } from './memory-ports.ts'
import { notificationSubject, toldTransition } from './notification-job.ts'

export type Sent = Readonly<{ receiver: string; message: OutgoingMessage }>
export type Script = (message: OutgoingMessage, attempt: number) => DeliveryReceipt | Promise<DeliveryReceipt>

export const taken: DeliveryReceipt = { kind: 'delivered', detail: 'ok' }
export const down: DeliveryReceipt = { kind: 'retry', reason: 'HTTP 503', afterMs: null }

let lastMonitorId = 20_000
let lastReceiver = 0

export type Lane = Readonly<{
  monitorId: number
  receiver: string
  /** Forms, groups and statuses of what arrived, as `single host:a OK→Alert`. */
  told: (receiver?: string) => string[]
  sent: Sent[]
  woken: string[]
  behave: (script: Script, receiver?: string) => void
  /** Commits and plans these changes, as `host:a Alert`: one commit, each a transition. */
  commit: (...changes: readonly string[]) => Promise<number>
  /** Commits only. */
  write: (...changes: readonly string[]) => Promise<number>
  plan: (sequence: number) => Promise<readonly string[]>
  drain: (receiver?: string) => Promise<DrainAnswer>
  /** As if all waits were over. */
  skipWaits: () => Promise<void>
  statuses: (receiver?: string) => Promise<string[]>
  addReceiver: (policy?: Partial<DeliveryPolicy>, kind?: Kind) => Promise<string>
}>

type Kind = 'message' | 'incident' | 'reminded' | 'html'

type LaneOptions = Readonly<{
  policy?: Partial<DeliveryPolicy>
  kind?: Kind
  subject?: Partial<NotificationSubject>
  ports?: Partial<ActivityPorts>
}>

export async function openLane(pool: Pool, options: LaneOptions = {}): Promise<Lane> {
  lastMonitorId += 1
  const monitorId = lastMonitorId
  const sent: Sent[] = []
  const woken: string[] = []
  const scripts = new Map<string, Script>()
  const deliver = async (message: OutgoingMessage, { name }: Receiver): Promise<DeliveryReceipt> => {
    sent.push({ receiver: name, message })
    const attempt = sent.filter((one) => one.receiver === name && one.message.id === message.id).length
    return scripts.get(name)?.(message, attempt) ?? taken
  }
  const refresh: Notifier['refresh'] = {
    everyMs: 60_000,
    resolvedForMs: 300_000,
    deliver: async (messages, { name }) => {
      for (const message of messages) sent.push({ receiver: name, message })
      return taken
    },
  }
  const notifiers: Notifier[] = [
    { kind: 'log', deliver: async () => taken },
    { kind: 'message', deliver },
    { kind: 'incident', incidents: true, deliver },
    { kind: 'reminded', incidents: true, deliver, refresh },
    { kind: 'html', markup: 'html', deliver },
  ]
  const ports = {
    notifications: notificationStore(pool),
    lanes: laneStore(pool),
    notifiers,
    renderer: messageRenderer(),
    runtime: { ...unusedRuntime, wakeLane: async (receiver: string) => void woken.push(receiver) },
    metrics: silentMetrics,
    clock: Date.now,
    publicUrl: 'https://tocsin.example',
    ...options.ports,
  }
  const environment = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
  const { planNotification } = planNotificationActivities(ports)
  const { drain } = drainActivities(ports)
  const addReceiver = async (policy: Partial<DeliveryPolicy> = {}, kind: Kind = options.kind ?? 'message'): Promise<string> => {
    lastReceiver += 1
    const name = `ops-${lastReceiver}`
    await createReceiver(pool, { name, kind, config: {}, policy })
    return name
  }
  const receiver = await addReceiver(options.policy)
  const subject = notificationSubject({ monitorId, message: `{{value}} @${receiver}`, ...options.subject })
  const statusOf = new Map<string, Transition['to']>()
  let sequence = 0
  const write = async (...changes: readonly string[]): Promise<number> => {
    const transitions = changes.map((change) => {
      sequence += 1
      const [group = '', to = ''] = change.split(/ (.*)/s)
      const from = statusOf.get(group) ?? 'OK'
      const status = statusNamed(to)
      statusOf.set(group, status)
      const slot = 1_769_860_800_000 + sequence * 60_000
      return toldTransition({ sequence, group, from, to: status, slot })
    })
    const job = { monitorId, sequence, subject, transitions }
    await (sequence === changes.length ? insertJob(pool, job) : insertCommit(pool, job))
    return sequence
  }
  const plan = async (of: number): Promise<readonly string[]> => {
    const answer: PlanAnswer = await environment().run(planNotification, { monitorId, sequence: of })
    return answer.woken
  }
  return {
    monitorId,
    receiver,
    sent,
    woken,
    addReceiver,
    write,
    plan,
    told: (name = receiver) => sent.filter((one) => one.receiver === name).map(({ message }) => lineOf(message)),
    behave: (script, name = receiver) => void scripts.set(name, script),
    commit: async (...changes) => {
      const of = await write(...changes)
      await plan(of)
      return of
    },
    drain: (name = receiver) => environment().run(drain, { receiver: name }),
    skipWaits: async () => {
      await pool.query("update deliveries set next_attempt_at = now() where status in ('pending', 'retrying') and monitor_id = $1", [
        monitorId,
      ])
      await pool.query('update receiver_lanes set breaker_until = now(), paused_until = null')
      await pool.query("update delivery_attempts set at = at - interval '2 hours'")
    },
    statuses: async (name = receiver) => {
      const { rows } = await pool.query<{ line: string }>(
        `select concat_ws(' ', transition_sequence, form, status, attempts) as line from deliveries
         where monitor_id = $1 and receiver = $2 order by transition_sequence`,
        [monitorId, name],
      )
      return rows.map(({ line }) => line)
    },
  }
}

function lineOf({ form, transitions }: OutgoingMessage): string {
  if (form === 'storm' && transitions.length > 3) return `storm of ${transitions.length}`
  return [form, ...transitions.map(({ group, to }) => `${group} ${to}`)].join(' ')
}

function statusNamed(text: string): Transition['to'] {
  for (const status of ['OK', 'Warn', 'Alert', 'No Data', 'Unknown'] as const) if (status === text) return status
  throw new Error(`no status: ${text}`)
}
