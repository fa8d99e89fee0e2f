/**
 * The LaneStore port on PostgreSQL: what waits for a receiver, how its lane stands, and what came of each try.
 * Never tells anything twice by its own doing: a delivery that is finished stays finished, whoever records what.
 * Read next: activities/drain.ts, lane-messages.ts (what is sent), migrations/0009_delivery_lanes.sql.
 */
import type { LaneState, LaneStore } from '../../../activities/lane-ports.ts'
import type { Breaker } from '../../../core/delivery/breaker.ts'
import type { Waiting } from '../../../core/delivery/queue.ts'
import { boundText } from '../../../core/message/format.ts'
import type { SecretBox } from '../../secrets/box.ts'
import { type Pool, transaction } from '../pool.ts'
import { fold, makeDigest, messagesOf, record } from './lane-messages.ts'
import { remindable } from './lane-reminders.ts'
import { episodesOf, takeTurn, writePlan } from './notifications.ts'
import { findReceivers } from './receivers.ts'

/** Due deliveries that one look finds; the next finds more. */
const dueMax = 200
/** With all else that is open of their monitors, for the order. */
const waitingMax = 2_000
/** Why something is dead or waits, for people to read. */
const reasonCharactersMax = 500

export function laneStore(pool: Pool, secrets: SecretBox | null = null): LaneStore {
  return {
    receiver: async (name) => (await findReceivers(pool, [name], secrets))[0] ?? null,
    episodes: async (monitorId, receiver, groups) => (await episodesOf(pool, monitorId, [receiver], groups))[receiver] ?? {},
    begin: (receiver, leaseMs) => begin(pool, receiver, leaseMs),
    end: async (receiver) => {
      await pool.query('update receiver_lanes set draining_until = null where receiver = $1', [receiver])
    },
    save: (receiver, state) => save(pool, receiver, state),
    rest: async (receiver, waitMs) => {
      await pool.query(`update receiver_lanes set waits_until = now() + $2 * interval '1 millisecond' where receiver = $1`, [
        receiver,
        waitMs,
      ])
    },
    waiting: (receiver, all) => waiting(pool, receiver, all),
    outlook: (receiver) => outlook(pool, receiver),
    messages: (which) => messagesOf(pool, which),
    fold: (into, from, text) => fold(pool, into, from, text),
    makeDigest: (ids, digest) => makeDigest(pool, ids, digest),
    record: (ids, attempt) => record(pool, ids, attempt),
    giveUp: async (receiver, openForMs, reason) => {
      const { rowCount } = await pool.query(
        `update deliveries set status = 'dead', finished_at = now(), touched_at = now(),
           last_detail = left($3 || coalesce(': ' || last_detail, ''), ${reasonCharactersMax})
         where receiver = $1 and status in ('pending', 'retrying')
           and ($2::float8 is null or open_since < now() - $2 * interval '1 millisecond')`,
        [receiver, openForMs, reason],
      )
      return rowCount ?? 0
    },
    hurry: async (receiver) => {
      await pool.query(
        `update deliveries set next_attempt_at = now() where receiver = $1 and status in ('pending', 'retrying')
           and next_attempt_at > now() and (bundle is null or failures > 0)`,
        [receiver],
      )
    },
    explain: async (receiver, reason) => {
      await pool.query(
        `update deliveries set last_detail = $2 where receiver = $1 and status in ('pending', 'retrying') and last_detail is distinct from $2`,
        [receiver, boundText(reason, reasonCharactersMax)],
      )
    },
    standIn: (id, monitorId, sequence, plan) =>
      transaction(pool, async (client) => {
        await takeTurn(client, monitorId)
        const { rowCount } = await client.query('update deliveries set fallback_at = now() where id = $1 and fallback_at is null', [id])
        if (rowCount === 1) await writePlan(client, monitorId, sequence, plan)
      }),
    sentAt: (receiver, what, withinMs, limit) => sentAt(pool, receiver, what, withinMs, limit),
    remindable: (receiver, closedForMs, afterId, limit) => remindable(pool, receiver, closedForMs, afterId, limit),
  }
}

type LaneRow = Readonly<{
  breaker_state: Breaker['state']
  breaker_failures: number
  breaker_openings: number
  breaker_since: Date | null
  breaker_until: Date | null
  paused_until: Date | null
  refreshed_at: Date | null
}>

async function begin(pool: Pool, receiver: string, leaseMs: number): Promise<LaneState> {
  const { rows } = await pool.query<LaneRow>(
    `insert into receiver_lanes as l (receiver, draining_until) values ($1, now() + $2 * interval '1 millisecond')
     on conflict (receiver) do update set draining_until = excluded.draining_until
     returning breaker_state, breaker_failures, breaker_openings, breaker_since, breaker_until, paused_until, refreshed_at`,
    [receiver, leaseMs],
  )
  const [row] = rows
  if (row === undefined) throw new Error(`the lane of ${receiver} was neither found nor made`)
  return {
    breaker: {
      state: row.breaker_state,
      failures: row.breaker_failures,
      openings: row.breaker_openings,
      sinceMs: row.breaker_since?.getTime() ?? null,
      untilMs: row.breaker_until?.getTime() ?? null,
    },
    pausedUntilMs: row.paused_until?.getTime() ?? null,
    refreshedAtMs: row.refreshed_at?.getTime() ?? null,
  }
}

async function save(pool: Pool, receiver: string, { breaker, pausedUntilMs, refreshedAtMs }: LaneState): Promise<void> {
  await pool.query(
    `update receiver_lanes set breaker_state = $2, breaker_failures = $3, breaker_openings = $4, breaker_since = $5, breaker_until = $6,
       paused_until = $7, refreshed_at = $8
     where receiver = $1`,
    [
      receiver,
      breaker.state,
      breaker.failures,
      breaker.openings,
      timeOf(breaker.sinceMs),
      timeOf(breaker.untilMs),
      timeOf(pausedUntilMs),
      timeOf(refreshedAtMs),
    ],
  )
}

async function waiting(pool: Pool, receiver: string, all: boolean): Promise<readonly Waiting[]> {
  // `is true` keeps the list of monitors a hash. As a join, it is gone through anew for each row where the planner knows too little.
  const { rows } = await pool.query<Waiting>(
    `with due as (
       select monitor_id from deliveries
       where receiver = $1 and status in ('pending', 'retrying') and ($2 or next_attempt_at <= now()) order by id limit ${dueMax})
     select id, monitor_id as "monitorId", transition_sequence as sequence, chain, form, opens, failures, digest, bundle,
       greatest(0, extract(epoch from next_attempt_at - now()) * 1000)::float8 as "dueInMs"
     from deliveries
     where receiver = $1 and status in ('pending', 'retrying') and (monitor_id in (select monitor_id from due)) is true
     order by id limit ${waitingMax}`,
    [receiver, all],
  )
  return rows
}

async function outlook(pool: Pool, receiver: string): Promise<Readonly<{ open: number; nextInMs: number | null; oldestMs: number }>> {
  const { rows } = await pool.query<{ open: number; next: number | null; oldest: number | null }>(
    `select count(*) as open,
       (extract(epoch from min(next_attempt_at) filter (where next_attempt_at > now()) - now()) * 1000)::float8 as next,
       (extract(epoch from now() - min(open_since)) * 1000)::float8 as oldest
     from deliveries where receiver = $1 and status in ('pending', 'retrying')`,
    [receiver],
  )
  return { open: rows[0]?.open ?? 0, nextInMs: rows[0]?.next ?? null, oldestMs: rows[0]?.oldest ?? 0 }
}

async function sentAt(
  pool: Pool,
  receiver: string,
  what: 'tried' | 'delivered',
  withinMs: number,
  limit: number,
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ ms: number }>(
    `select (extract(epoch from at) * 1000)::float8 as ms from delivery_attempts
     where receiver = $1 and at > now() - $2 * interval '1 millisecond' and ($3 = 'tried' or outcome = 'delivered')
     group by message_id, at order by at desc limit $4`,
    [receiver, withinMs, what, limit],
  )
  return rows.map(({ ms }) => ms)
}

const timeOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))
