/**
 * The NotificationStore port on PostgreSQL: what is to be told, and to whom. What becomes of it is in lanes.ts.
 * Never plans anything twice: a notification that is planned stays as it is, whoever asks again.
 * Read next: activities/plan-notification.ts, migrations/0009_delivery_lanes.sql.
 */
import { z } from 'zod'
import type {
  KnownEpisodes,
  NotificationJob,
  NotificationPlan,
  NotificationStore,
  PlannedDelivery,
} from '../../../activities/notification-ports.ts'
import type { EpisodeRef, GroupEpisode } from '../../../core/delivery/partition.ts'
import type { Transition } from '../../../core/monitor/types.ts'
import type { SecretBox } from '../../secrets/box.ts'
import { type Client, type Pool, type Queryable, transaction } from '../pool.ts'
import { ruleReader } from './notification-rules.ts'
import { findReceivers } from './receivers.ts'
import { gatheredUntil } from './rule-bundles.ts'

/** Rows per insert: a statement stays below some megabytes also when each message is as long as it may be. */
const insertRowsMax = 200
/** Of episodes, which are short. */
const episodeRowsMax = 5_000

/** Plans of one monitor take turns under this and its id: the episodes that one leaves are those that the next finds. */
const planLock = 0x746f6373

export function notificationStore(pool: Pool, secrets: SecretBox | null = null): NotificationStore {
  const rules = ruleReader(pool)
  return {
    load: (monitorId, sequence) => load(pool, monitorId, sequence),
    receivers: (names) => findReceivers(pool, names, secrets),
    rules,
    unplanned: (monitorId, upTo, limit) => unplanned(pool, monitorId, upTo, limit),
    episodes: (monitorId, receivers, groups) => episodesOf(pool, monitorId, receivers, groups),
    plan: (monitorId, sequence, plan, unknownHandles) =>
      transaction(pool, (client) => planOnce(client, monitorId, sequence, plan, unknownHandles)),
    asleep: (monitorId, sequence) => asleep(pool, monitorId, sequence),
  }
}

/** What a version of a definition keeps of itself. */
export const storedDefinition = z.object({
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
  const subject = { monitorId, version: row.version, ...storedDefinition.parse(row.definition) }
  return { monitorId, sequence, subject, transitions: transitions.rows.map(({ detail }) => detail) }
}

async function unplanned(pool: Pool, monitorId: number, upTo: number, limit: number): Promise<readonly number[]> {
  const { rows } = await pool.query<{ sequence: number }>(
    'select sequence from notifications where monitor_id = $1 and sequence <= $2 and planned_at is null order by sequence limit $3',
    [monitorId, upTo, limit],
  )
  return rows.map(({ sequence }) => sequence)
}

type EpisodeRow = Readonly<{ receiver: string; group_key: string; id: number; key: string; open: boolean }>

/** Keyed by texts of users: without a prototype. */
export async function episodesOf(
  db: Queryable,
  monitorId: number,
  receivers: readonly string[],
  groups: readonly string[],
): Promise<KnownEpisodes> {
  const { rows } = await db.query<EpisodeRow>(
    `select g.receiver, g.group_key, e.id, e.key, g.open
     from episode_groups g join episodes e on e.id = g.episode_id
     where g.monitor_id = $1 and g.receiver = any($2::text[]) and g.group_key = any($3::text[])`,
    [monitorId, receivers, groups],
  )
  const known: Record<string, Record<string, GroupEpisode>> = Object.create(null)
  for (const { receiver, group_key, id, key, open } of rows) {
    const of: Record<string, GroupEpisode> = known[receiver] ?? Object.create(null)
    of[group_key] = { id, key, open }
    known[receiver] = of
  }
  return known
}

async function planOnce(
  client: Client,
  monitorId: number,
  sequence: number,
  plan: NotificationPlan,
  unknownHandles: readonly string[],
): Promise<void> {
  await takeTurn(client, monitorId)
  const { rowCount } = await client.query(
    `update notifications set planned_at = now(), unknown_handles = $3
     where monitor_id = $1 and sequence = $2 and planned_at is null`,
    [monitorId, sequence, unknownHandles],
  )
  if (rowCount !== 1) return
  await writePlan(client, monitorId, sequence, plan)
}

export async function takeTurn(client: Client, monitorId: number): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, $2)', [planLock, monitorId % 2 ** 31])
}

/** Episodes first, for deliveries belong to them. In the monitor's turn. */
export async function writePlan(client: Client, monitorId: number, sequence: number, plan: NotificationPlan): Promise<void> {
  const begun = await beginEpisodes(client, monitorId, plan)
  const idOf = (receiver: string, episode: EpisodeRef | null): number | null =>
    episode === null ? null : (episode.id ?? begun.get(`${receiver} ${episode.key}`) ?? null)
  const changes = plan.episodes.map((change) => ({ ...change, episodeId: idOf(change.receiver, change.episode) }))
  for (let from = 0; from < changes.length; from += episodeRowsMax) {
    // The last change of a group in this commit counts.
    const batch = [...new Map(changes.slice(from, from + episodeRowsMax).map((one) => [`${one.receiver} ${one.group}`, one])).values()]
    await client.query(
      `insert into episode_groups (monitor_id, receiver, group_key, episode_id, open, bundle)
       select $1, changed.* from unnest($2::text[], $3::text[], $4::bigint[], $5::boolean[], $6::boolean[]) as changed
       on conflict (monitor_id, receiver, group_key)
       do update set episode_id = excluded.episode_id, open = excluded.open, bundle = excluded.bundle`,
      [
        monitorId,
        batch.map(({ receiver }) => receiver),
        batch.map(({ group }) => group),
        batch.map(({ episodeId }) => episodeId),
        batch.map(({ open }) => open),
        batch.map(({ bundle }) => bundle),
      ],
    )
  }
  await closeEpisodes(client, [...new Set(changes.flatMap(({ open, episodeId }) => (open || episodeId === null ? [] : [episodeId])))])
  await insertDeliveries(client, monitorId, sequence, plan, idOf)
}

/** Those that are over once none of their groups is open. */
export async function closeEpisodes(client: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await client.query(
    `update episodes e set closed_at = now()
     where e.id = any($1::bigint[]) and closed_at is null
       and not exists (select from episode_groups g where g.episode_id = e.id and g.open)`,
    [ids],
  )
}

/** Receiver and key → id. */
async function beginEpisodes(client: Client, monitorId: number, plan: NotificationPlan): Promise<Map<string, number>> {
  const named = plan.episodes.flatMap(({ receiver, episode }) => (episode.id === null ? [{ receiver, key: episode.key }] : []))
  const begins = [...new Map(named.map((one) => [`${one.receiver} ${one.key}`, one])).values()]
  if (begins.length === 0) return new Map()
  const { rows } = await client.query<{ id: number; receiver: string; key: string }>(
    `insert into episodes (monitor_id, receiver, key)
     select $1, begun.* from unnest($2::text[], $3::text[]) as begun returning id, receiver, key`,
    [monitorId, begins.map(({ receiver }) => receiver), begins.map(({ key }) => key)],
  )
  return new Map(rows.map(({ id, receiver, key }) => [`${receiver} ${key}`, id]))
}

async function insertDeliveries(
  client: Client,
  monitorId: number,
  sequence: number,
  { deliveries }: NotificationPlan,
  idOf: (receiver: string, episode: EpisodeRef | null) => number | null,
): Promise<void> {
  const until = await gatheredUntil(client, monitorId, deliveries)
  for (let from = 0; from < deliveries.length; from += insertRowsMax) {
    const batch = deliveries.slice(from, from + insertRowsMax)
    await client.query(
      `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body, form, transition_sequences, chain, opens,
         priority, episode_id, fallback_for, bundle, next_attempt_at, open_since)
       select $1, $2, (one->>'transitionSequence')::bigint, one->>'receiver', one->>'title', one->>'body', one->>'form',
         array(select jsonb_array_elements_text(one->'transitionSequences')::bigint), one->>'chain', (one->>'opens')::boolean,
         (one->>'priority')::smallint, (one->>'episodeId')::bigint, one->>'fallbackFor',
         (one->>'gatheredBy')::uuid, coalesce((one->>'gatheredUntil')::timestamptz, now()),
         coalesce((one->>'gatheredUntil')::timestamptz, now())
       from jsonb_array_elements($3::jsonb) as one
       on conflict (monitor_id, transition_sequence, receiver) do nothing`,
      [
        monitorId,
        sequence,
        JSON.stringify(
          batch.map(({ episode, bundle, ...delivery }) => ({
            ...delivery,
            episodeId: idOf(delivery.receiver, episode),
            ...gathered(until.get(delivery.receiver), bundle),
          })),
        ),
      ],
    )
  }
}

function gathered(until: Date | undefined, bundle: PlannedDelivery['bundle']): object {
  return until === undefined || bundle === null ? {} : { gatheredBy: bundle.ruleId, gatheredUntil: until }
}

async function asleep(pool: Pool, monitorId: number, sequence: number): Promise<readonly string[]> {
  const { rows } = await pool.query<{ receiver: string }>(
    `select distinct d.receiver from deliveries d
     where d.monitor_id = $1 and d.sequence = $2 and d.status in ('pending', 'retrying')
       and not exists (select from receiver_lanes l where l.receiver = d.receiver and l.draining_until > now())
     order by d.receiver`,
    [monitorId, sequence],
  )
  return rows.map(({ receiver }) => receiver)
}
