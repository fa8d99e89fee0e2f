/** Open deliveries with all that their messages are made of; merged, made into digests, and what came of them. Read next: lanes.ts. */
import type { Attempt, LaneStore, StoredMessage } from '../../../activities/lane-ports.ts'
import { boundText } from '../../../core/message/format.ts'
import type { Transition } from '../../../core/monitor/types.ts'
import { type Pool, type Queryable, transaction } from '../pool.ts'
import { storedDefinition } from './notifications.ts'

/** What a receiver answered, for people to read. */
const detailCharactersMax = 500

type Row = Omit<StoredMessage, 'subject' | 'episode' | 'transitions'> &
  Readonly<{
    version: number
    definition: unknown
    transitions: Transition[] | null
    key: string | null
    reference: Record<string, string> | null
    others_open: number
  }>

/** Of the group of a transition of `d`; an untold recovery leaves no group open, and neither does one that is gone. */
const told = `t.monitor_id = d.monitor_id and t.sequence = any(
  case when d.transition_sequences = '{}' then array[d.transition_sequence] else d.transition_sequences end)`

const selected = `d.id, d.monitor_id as "monitorId", d.sequence, d.form, d.title, d.body, d.priority, d.opens, d.failures,
  d.fallback_for as "fallbackFor", d.fallback_at is not null as "stoodIn", v.version, v.definition, e.key, e.reference,
  (select jsonb_agg(t.detail order by t.sequence) from transitions t where ${told}) as transitions,
  (select count(*) from episode_groups g
     left join monitor_groups m on m.monitor_id = g.monitor_id and m.group_key = g.group_key
     where g.episode_id = d.episode_id and g.open and (g.bundle or m.status <> 'OK')
       and g.group_key not in (select t.group_key from transitions t where ${told})) as others_open`

const joined = `join notifications n on n.monitor_id = d.monitor_id and n.sequence = d.sequence
  join monitor_versions v on v.monitor_id = n.monitor_id and v.version = n.version
  left join episodes e on e.id = d.episode_id`

export async function messagesOf(db: Queryable, which: Parameters<LaneStore['messages']>[0]): Promise<readonly StoredMessage[]> {
  const { rows } =
    'ids' in which
      ? await db.query<Row>(
          `select ${selected} from deliveries d ${joined} where d.id = any($1::bigint[]) and d.status in ('pending', 'retrying') order by d.id`,
          [which.ids],
        )
      : await db.query<Row>(
          `select ${selected} from deliveries d ${joined}
           where d.receiver = $1 and d.digest = $2 and d.status in ('pending', 'retrying') order by d.id`,
          [which.receiver, which.digest],
        )
  return rows.map(messageOf)
}

/** Delivered ones, for reminders. */
export async function deliveredMessages(db: Queryable, ids: readonly number[]): Promise<readonly StoredMessage[]> {
  const { rows } = await db.query<Row>(`select ${selected} from deliveries d ${joined} where d.id = any($1::bigint[]) order by d.id`, [ids])
  return rows.map(messageOf)
}

function messageOf({ version, definition, transitions, key, reference, others_open: othersOpen, ...row }: Row): StoredMessage {
  return {
    ...row,
    subject: { monitorId: row.monitorId, version, ...storedDefinition.parse(definition) },
    transitions: transitions ?? [],
    episode: key === null ? null : { key, reference, othersOpen },
  }
}

export async function fold(pool: Pool, into: number, from: readonly number[], text: Parameters<LaneStore['fold']>[2]): Promise<void> {
  await transaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `update deliveries d set form = $3, title = $4, body = $5, transition_sequences = $6,
         failures = greatest(d.failures, f.failures), fallback_at = coalesce(d.fallback_at, f.fallback_at),
         episode_id = case when $3 = 'storm' then d.episode_id else coalesce(d.episode_id, f.episode_id) end
       from (select max(failures) as failures, max(fallback_at) as fallback_at, max(episode_id) as episode_id
             from deliveries where id = any($2::bigint[])) f
       where d.id = $1 and d.status in ('pending', 'retrying')`,
      [into, from, text.form, text.title, text.body, text.transitionSequences],
    )
    if (rowCount !== 1) return
    await client.query(
      `update deliveries set status = 'merged', finished_at = now(), touched_at = now(),
         last_detail = left('told by delivery ' || $2 || coalesce('; before that: ' || last_detail, ''), ${detailCharactersMax})
       where id = any($1::bigint[]) and status in ('pending', 'retrying')`,
      [from, String(into)],
    )
  })
}

export async function makeDigest(db: Queryable, ids: readonly number[], digest: string): Promise<void> {
  await db.query(`update deliveries set digest = $2 where id = any($1::bigint[]) and status in ('pending', 'retrying')`, [ids, digest])
}

/** One statement: a try is written down whole, or not at all. A late answer never reopens what is finished. */
export async function record(db: Queryable, ids: readonly number[], attempt: Attempt): Promise<void> {
  await db.query(
    `with tried as (
       update deliveries
       set status = case $2 when 'delivered' then 'delivered' when 'refused' then 'dead' else 'retrying' end,
         attempts = attempts + 1, failures = failures + case when $2 = 'delivered' then 0 else 1 end,
         last_detail = $4, last_latency_ms = $5, touched_at = now(), next_attempt_at = now() + $6 * interval '1 millisecond',
         finished_at = case when $2 = 'retry' then null else now() end
       where id = any($1::bigint[]) and (status in ('pending', 'retrying') or (status = 'dead' and $2 = 'delivered'))
       returning id, attempts, receiver, episode_id),
     noted as (
       insert into delivery_attempts (delivery_id, attempt, receiver, message_id, outcome, latency_ms, detail)
       select id, attempts, receiver, $3, $2, $5, $4 from tried
       on conflict (delivery_id, attempt) do nothing)
     update episodes e set reference = $7::jsonb from tried
     where $7::jsonb is not null and e.id = tried.episode_id and e.reference is null`,
    [
      ids,
      attempt.outcome,
      attempt.messageId,
      boundText(attempt.detail, detailCharactersMax),
      Math.round(attempt.latencyMs),
      attempt.outcome === 'retry' ? attempt.retryInMs : 0,
      attempt.reference === null ? null : JSON.stringify(attempt.reference),
    ],
  )
}
