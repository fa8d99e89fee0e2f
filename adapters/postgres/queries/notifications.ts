/**
 * The NotificationStore port on PostgreSQL: what is to be told, to whom, and what became of it.
 * Never tells anything twice by its own doing: a delivery that is finished stays finished, whoever asks again.
 * Read next: activities/plan-notification.ts, activities/deliver.ts, migrations/0001_monitors.sql.
 */
import { z } from 'zod'
import type { NotificationJob, NotificationStore, PendingDelivery } from '../../../activities/notification-ports.ts'
import { boundText } from '../../../core/message/format.ts'
import type { Transition } from '../../../core/monitor/types.ts'
import type { SecretBox } from '../../secrets/box.ts'
import { type Client, type Pool, transaction } from '../pool.ts'
import { ruleReader } from './notification-rules.ts'
import { findReceivers } from './receivers.ts'

/** Rows per insert: a statement stays below some megabytes also when each message is as long as it may be. */
const insertRowsMax = 200
/** What a receiver answered, for people to read. */
const detailCharactersMax = 500

export function notificationStore(pool: Pool, secrets: SecretBox | null = null): NotificationStore {
  const rules = ruleReader(pool)
  return {
    load: (monitorId, sequence) => load(pool, monitorId, sequence),
    receivers: (names) => findReceivers(pool, names, secrets),
    rules,
    plan: (monitorId, sequence, deliveries, unknownHandles) =>
      transaction(pool, (client) => plan(client, monitorId, sequence, deliveries, unknownHandles)),
    pending: (monitorId, sequence, receiver, limit) => pending(pool, monitorId, sequence, receiver, limit),
    record: (monitorId, transitionSequence, receiver, attempt) => record(pool, monitorId, transitionSequence, receiver, attempt),
  }
}

/** What a version of a definition keeps of itself. */
const definition = z.object({
  name: z.string(),
  type: z.string(),
  query: z.string(),
  message: z.string(),
  tags: z.array(z.string()),
  priority: z.number().nullable(),
  options: z.record(z.string(), z.unknown()),
})

async function load(pool: Pool, monitorId: number, sequence: number): Promise<NotificationJob | null> {
  const notification = await pool.query<{ version: number; definition: unknown }>(
    `select n.version, v.definition
     from notifications n join monitor_versions v on v.monitor_id = n.monitor_id and v.version = n.version
     where n.monitor_id = $1 and n.sequence = $2`,
    [monitorId, sequence],
  )
  const transitions = await pool.query<{ detail: Transition }>(
    `select t.detail
     from notifications n join transitions t on t.monitor_id = n.monitor_id and t.sequence = any(n.transition_sequences)
     where n.monitor_id = $1 and n.sequence = $2
     order by t.sequence`,
    [monitorId, sequence],
  )
  const [row] = notification.rows
  if (row === undefined || transitions.rows.length === 0) return null
  const subject = { monitorId, version: row.version, ...definition.parse(row.definition) }
  return { monitorId, sequence, subject, transitions: transitions.rows.map(({ detail }) => detail) }
}

type Planned = Parameters<NotificationStore['plan']>[2]

async function plan(
  client: Client,
  monitorId: number,
  sequence: number,
  deliveries: Planned,
  unknownHandles: readonly string[],
): Promise<void> {
  for (let from = 0; from < deliveries.length; from += insertRowsMax) {
    const batch = deliveries.slice(from, from + insertRowsMax)
    await client.query(
      `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body)
       select $1, $2, planned.* from unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) as planned
       on conflict (monitor_id, transition_sequence, receiver) do nothing`,
      [
        monitorId,
        sequence,
        batch.map((delivery) => delivery.transitionSequence),
        batch.map((delivery) => delivery.receiver),
        batch.map((delivery) => delivery.title),
        batch.map((delivery) => delivery.body),
      ],
    )
  }
  await client.query(
    'update notifications set planned_at = coalesce(planned_at, now()), unknown_handles = $3 where monitor_id = $1 and sequence = $2',
    [monitorId, sequence, unknownHandles],
  )
}

async function pending(
  pool: Pool,
  monitorId: number,
  sequence: number,
  receiver: string,
  limit: number | undefined,
): Promise<readonly PendingDelivery[]> {
  const { rows } = await pool.query<PendingDelivery>(
    `select transition_sequence as "transitionSequence", title, body
     from deliveries
     where monitor_id = $1 and sequence = $2 and receiver = $3 and status in ('pending', 'retrying')
     order by transition_sequence
     limit $4`,
    [monitorId, sequence, receiver, limit ?? null],
  )
  return rows
}

type Attempt = Parameters<NotificationStore['record']>[3]

async function record(pool: Pool, monitorId: number, transitionSequence: number, receiver: string, attempt: Attempt): Promise<void> {
  // A late answer never reopens what is finished; but what was given up and arrived after all counts as delivered.
  await pool.query(
    `update deliveries
     set status = $4, attempts = attempts + 1, last_detail = $5, last_latency_ms = $6, touched_at = now(),
         finished_at = case when $4 = 'retrying' then null else now() end
     where monitor_id = $1 and transition_sequence = $2 and receiver = $3
       and (status in ('pending', 'retrying') or (status = 'dead' and $4 = 'delivered'))`,
    [
      monitorId,
      transitionSequence,
      receiver,
      attempt.status,
      boundText(attempt.detail, detailCharactersMax),
      Math.round(attempt.latencyMs),
    ],
  )
}
