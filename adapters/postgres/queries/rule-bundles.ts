/**
 * Which planned deliveries wait for others, because a notification rule gathers them.
 * Never holds what something is open before: that would wait along. Read next: core/notification-rules/bundles.ts, core/delivery/queue.ts.
 */
import type { PlannedDelivery } from '../../../activities/notification-ports.ts'
import type { Client, Queryable } from '../pool.ts'

/** Receiver → since when it is gathered and until when. Who isn't in it is sent at once, and what comes next is gathered from now on. */
export async function gatheredUntil(
  client: Client,
  monitorId: number,
  deliveries: readonly PlannedDelivery[],
): Promise<ReadonlyMap<string, Date>> {
  const asked = new Map(deliveries.flatMap(({ receiver, bundle }) => (bundle === null ? [] : [[receiver, bundle] as const])))
  const until = new Map<string, Date>()
  // In one order, so that two plans never wait for each other.
  for (const [receiver, bundle] of [...asked].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (await isOpenBefore(client, monitorId, receiver)) continue
    const key = [bundle.ruleId, receiver]
    await client.query("insert into rule_bundles (rule_id, receiver, until) values ($1, $2, '-infinity') on conflict do nothing", key)
    const { rows } = await client.query<{ until: Date; open: boolean }>(
      'select until, until > now() as open from rule_bundles where rule_id = $1 and receiver = $2 for update',
      key,
    )
    const [row] = rows
    if (row?.open === true) until.set(receiver, row.until)
    else {
      await client.query(`update rule_bundles set until = now() + $3 * interval '1 second' where rule_id = $1 and receiver = $2`, [
        ...key,
        bundle.durationS,
      ])
    }
  }
  return until
}

/** With the rule. What it gathered is sent at its time all the same. */
export async function forgetBundles(db: Queryable, ruleId: string): Promise<void> {
  await db.query('delete from rule_bundles where rule_id = $1', [ruleId])
}

/** A message of this monitor that goes as soon as it can: what comes after it must not hold it back. */
async function isOpenBefore(client: Client, monitorId: number, receiver: string): Promise<boolean> {
  const { rows } = await client.query<{ open: boolean }>(
    `select exists (select from deliveries
       where receiver = $1 and monitor_id = $2 and status in ('pending', 'retrying') and bundle is null) as open`,
    [receiver, monitorId],
  )
  return rows[0]?.open === true
}
