import type { Pool } from '../../adapters/postgres/pool.ts'

/** What of all that was to be told a receiver was told, and in how many messages. */
export type Told = Readonly<{
  /** Transitions that a notification holds. */
  toTell: number
  /** Those of them that a delivered message tells … */
  told: number
  /** … more than one of them. */
  toldTwice: number
  /** Messages that were delivered. */
  messages: number
  /** Deliveries that wait for something. */
  open: number
}>

/** Of a monitor and a receiver that each of its transitions names; merged ones are told by the message that took them along. */
export async function toldOf(pool: Pool, monitorId: number, receiver: string): Promise<Told> {
  const { rows } = await pool.query<Told>(
    `with to_tell as (select unnest(transition_sequences) as sequence from notifications where monitor_id = $1),
     mine as (select * from deliveries where monitor_id = $1 and receiver = $2),
     told as (
       select unnest(case when transition_sequences = '{}' then array[transition_sequence] else transition_sequences end) as sequence
       from mine where status = 'delivered'),
     counted as (select sequence, count(*) as messages from told group by sequence)
     select (select count(*) from to_tell) as "toTell",
       (select count(*) from to_tell join counted using (sequence)) as told,
       (select count(*) from counted where messages > 1) as "toldTwice",
       (select count(*) from mine where status = 'delivered') as messages,
       (select count(*) from mine where status in ('pending', 'retrying')) as open`,
    [monitorId, receiver],
  )
  const [told] = rows
  if (told === undefined) throw new Error('PostgreSQL counted nothing')
  return told
}
