import type { StoredMessage } from '../../../activities/lane-ports.ts'
import { type Pool, transaction } from '../pool.ts'
import { deliveredMessages } from './lane-messages.ts'
import { closeEpisodes } from './notifications.ts'

/**
 * What a receiver that forgets is told again. What is well or gone without anybody having been told, or whose monitor was deleted, isn't
 * open any more: nobody would ever close it otherwise.
 */
export async function remindable(
  pool: Pool,
  receiver: string,
  closedForMs: number,
  afterId: number,
  limit: number,
): Promise<readonly StoredMessage[]> {
  if (afterId === 0) await closeForgotten(pool, receiver)
  const { rows } = await pool.query<{ id: number }>(
    `select last.id
     from episodes e
     cross join lateral (
       select d.id from deliveries d where d.episode_id = e.id and d.status = 'delivered' order by d.id desc limit 1) last
     where e.receiver = $1 and (e.closed_at is null or e.closed_at > now() - $2 * interval '1 millisecond') and last.id > $3
     order by last.id limit $4`,
    [receiver, closedForMs, afterId, limit],
  )
  return deliveredMessages(
    pool,
    rows.map(({ id }) => id),
  )
}

async function closeForgotten(pool: Pool, receiver: string): Promise<void> {
  await transaction(pool, async (client) => {
    const { rows } = await client.query<{ episode_id: number }>(
      `update episode_groups g set open = false
       from episodes e
       where e.id = g.episode_id and e.receiver = $1 and e.closed_at is null and g.open
         and (exists (select from monitors m where m.id = g.monitor_id and m.deleted_at is not null)
           or (not g.bundle
             and not exists (
               select from monitor_groups s where s.monitor_id = g.monitor_id and s.group_key = g.group_key and s.status <> 'OK')
             -- Its recovery may be among them, and closes it when it is planned.
             and not exists (select from notifications n where n.monitor_id = g.monitor_id and n.planned_at is null)))
       returning g.episode_id`,
      [receiver],
    )
    await closeEpisodes(client, [...new Set(rows.map((row) => row.episode_id))])
  })
}
