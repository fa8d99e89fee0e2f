/**
 * What became of messages, for people: searched, read one by one with each try, and taken up again by hand.
 * Never sends anything: what is open again is the lane's business, once it is woken.
 * Read next: notifications.ts, lanes.ts, workflows/deliver.ts.
 */
import type { Pool, Queryable } from '../pool.ts'

export const deliveryStatuses = ['pending', 'retrying', 'delivered', 'dead', 'merged'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** What is absent restricts nothing. `beforeId`: the last id of the page before. */
export type DeliveryFilter = Readonly<{
  monitorId?: number
  receiver?: string
  statuses?: readonly DeliveryStatus[]
  /** Those that tell of this group alone; storms aren't found by it. */
  group?: string
  /** Planned at this time or later, and before that one, in epoch ms. */
  fromMs?: number
  toMs?: number
  beforeId?: number
  limit: number
}>

export type DeliveryRecord = Readonly<{
  id: number
  monitorId: number
  /** The notification that planned it. */
  sequence: number
  /** The last transition that it tells. */
  transitionSequence: number
  /** All of them, ascending; a storm's first hundred. */
  transitionSequences: readonly number[]
  /** How many it tells of. */
  transitionCount: number
  group: string | null
  receiver: string
  form: string
  title: string
  status: DeliveryStatus
  attempts: number
  failures: number
  /** What the receiver answered last, or why it is dead. */
  detail: string | null
  latencyMs: number | null
  fallbackFor: string | null
  /** The digest that it was sent with. */
  digest: string | null
  createdAt: Date
  finishedAt: Date | null
  /** null = it is finished. */
  nextAttemptAt: Date | null
}>

/** A storm names up to 10,000; a list of them is for machines. */
const sequencesShownMax = 100

const record = `d.id, d.monitor_id as "monitorId", d.sequence, d.transition_sequence as "transitionSequence",
  to_jsonb(case when d.transition_sequences = '{}' then array[d.transition_sequence]
    else d.transition_sequences[1:${sequencesShownMax}] end) as "transitionSequences",
  greatest(1, cardinality(d.transition_sequences)) as "transitionCount",
  case when d.form = 'storm' then null else t.group_key end as "group",
  d.receiver, d.form, d.title, d.status, d.attempts, d.failures, d.last_detail as detail, d.last_latency_ms as "latencyMs",
  d.fallback_for as "fallbackFor", d.digest, d.created_at as "createdAt", d.finished_at as "finishedAt",
  case when d.status in ('pending', 'retrying') then d.next_attempt_at end as "nextAttemptAt"`

const transitionOf = 'left join transitions t on t.monitor_id = d.monitor_id and t.sequence = d.transition_sequence'

/** Newest first. */
export async function searchDeliveries(db: Queryable, filter: DeliveryFilter): Promise<DeliveryRecord[]> {
  const { rows } = await db.query<DeliveryRecord>(
    `select ${record} from deliveries d ${transitionOf}
     where ($1::bigint is null or d.monitor_id = $1)
       and ($2::text is null or d.receiver = $2)
       and ($3::text[] is null or d.status = any($3))
       and ($4::text is null or (d.form <> 'storm' and t.group_key = $4))
       and ($5::timestamptz is null or d.created_at >= $5)
       and ($6::timestamptz is null or d.created_at < $6)
       and ($7::bigint is null or d.id < $7)
     order by d.id desc limit $8`,
    [
      filter.monitorId ?? null,
      filter.receiver ?? null,
      filter.statuses ?? null,
      filter.group ?? null,
      timeOf(filter.fromMs),
      timeOf(filter.toMs),
      filter.beforeId ?? null,
      filter.limit,
    ],
  )
  return rows
}

export type DeliveryAttempt = Readonly<{
  deliveryId: number
  attempt: number
  messageId: string
  at: Date
  outcome: 'delivered' | 'retry' | 'refused'
  latencyMs: number
  detail: string
}>

/** Tries of one delivery that are read: a day of retries every five minutes, and some. */
const attemptsShownMax = 500

/** With its text and its tries, oldest first. null = there is none of this id. */
export async function readDelivery(
  db: Queryable,
  id: number,
): Promise<(DeliveryRecord & Readonly<{ body: string; tries: DeliveryAttempt[] }>) | null> {
  const { rows } = await db.query<DeliveryRecord & { body: string }>(
    `select ${record}, d.body from deliveries d ${transitionOf} where d.id = $1`,
    [id],
  )
  const [found] = rows
  if (found === undefined) return null
  const attempts = await db.query<DeliveryAttempt>(
    `select delivery_id as "deliveryId", attempt, message_id as "messageId", at, outcome, latency_ms as "latencyMs", detail
     from delivery_attempts where delivery_id = $1 order by attempt desc limit $2`,
    [id, attemptsShownMax],
  )
  return { ...found, tries: attempts.rows.reverse() }
}

/** Empty = all that are dead. */
export type RedriveFilter = Readonly<{ monitorId?: number; receiver?: string; ids?: readonly number[] }>

/**
 * Opens dead deliveries again, as if they had just been planned, under the same ids. Only what is dead: the rest stays as it is.
 * Whoever calls wakes the lanes of the receivers in the answer; what isn't woken the reconciler finds.
 */
export async function redriveDeliveries(
  pool: Pool,
  filter: RedriveFilter,
): Promise<Readonly<{ receivers: readonly string[]; count: number }>> {
  const { rows } = await pool.query<{ receiver: string; count: number }>(
    `with opened as (
       update deliveries set status = 'pending', failures = 0, open_since = now(), next_attempt_at = now(), finished_at = null,
         digest = null, fallback_at = null, touched_at = now()
       where status = 'dead' and ($1::bigint is null or monitor_id = $1) and ($2::text is null or receiver = $2)
         and ($3::bigint[] is null or id = any($3))
       returning receiver)
     select receiver, count(*) from opened group by receiver order by receiver`,
    [filter.monitorId ?? null, filter.receiver ?? null, filter.ids ?? null],
  )
  return { receivers: rows.map(({ receiver }) => receiver), count: rows.reduce((sum, { count }) => sum + count, 0) }
}

/** How a receiver does, as its lane left it. */
export type ReceiverHealth = Readonly<{
  receiver: string
  breaker: Readonly<{ state: 'closed' | 'open' | 'half-open'; since: Date | null; until: Date | null }>
  /** It asked for a pause until then. */
  pausedUntil: Date | null
  open: number
  dead: number
  lastSuccessAt: Date | null
  lastFailureAt: Date | null
  lastFailure: string | null
}>

type HealthRow = Omit<ReceiverHealth, 'breaker'> &
  Readonly<{ state: ReceiverHealth['breaker']['state'] | null; since: Date | null; until: Date | null }>

/** One for each name, in their order, also for those that were never delivered to. */
export async function receiverHealth(db: Queryable, names: readonly string[]): Promise<ReceiverHealth[]> {
  const { rows } = await db.query<HealthRow>(
    `select name as receiver, l.breaker_state as state, l.breaker_since as since, l.breaker_until as until,
       case when l.paused_until > now() then l.paused_until end as "pausedUntil",
       (select count(*) from deliveries d where d.receiver = name and d.status in ('pending', 'retrying')) as open,
       (select count(*) from deliveries d where d.receiver = name and d.status = 'dead') as dead,
       (select a.at from delivery_attempts a where a.receiver = name and a.outcome = 'delivered' order by a.at desc limit 1)
         as "lastSuccessAt",
       f.at as "lastFailureAt", f.detail as "lastFailure"
     from unnest($1::text[]) with ordinality as asked (name, place)
     left join receiver_lanes l on l.receiver = name
     left join lateral (
       select a.at, a.detail from delivery_attempts a where a.receiver = name and a.outcome <> 'delivered' order by a.at desc limit 1
     ) f on true
     order by place`,
    [names],
  )
  return rows.map(({ state, since, until, ...rest }) => ({ ...rest, breaker: { state: state ?? 'closed', since, until } }))
}

function timeOf(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms)
}
