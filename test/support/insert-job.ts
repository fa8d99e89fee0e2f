import type { NotificationJob } from '../../activities/notification-ports.ts'
import type { Queryable } from '../../adapters/postgres/pool.ts'

/** A commit with its monitor, version, transitions and notification, as the engine stores them. */
export async function insertJob(db: Queryable, job: NotificationJob): Promise<void> {
  const { monitorId, subject } = job
  const { name, type, query, message, tags, priority, options } = subject
  const definition = JSON.stringify({ name, type, query, message, tags, priority, options, draft_status: 'published' })
  await db.query(
    `insert into monitors (id, type, name, query, message, options, multi, creator)
     overriding system value values ($1, $2, $3, $4, $5, $6, false, '{}')`,
    [monitorId, type, name, query, message, JSON.stringify(options)],
  )
  await db.query('insert into monitor_versions (monitor_id, version, definition, changed_by) values ($1, 1, $2, $3)', [
    monitorId,
    definition,
    'test',
  ])
  await insertCommit(db, job)
}

/** A further commit of a monitor that is there; its groups are as the commit leaves them. */
export async function insertCommit(
  db: Queryable,
  { monitorId, sequence, transitions }: Pick<NotificationJob, 'monitorId' | 'sequence' | 'transitions'>,
): Promise<void> {
  for (const transition of transitions) {
    await db.query(
      `insert into monitor_groups (monitor_id, group_key, status, slot, state) values ($1, $2, $3, $4, '{}')
       on conflict (monitor_id, group_key) do update set status = excluded.status`,
      [monitorId, transition.group, transition.to, transition.slot],
    )
    await db.query(
      `insert into transitions (monitor_id, sequence, group_key, from_status, to_status, slot, reason, version, notify, detail)
       values ($1, $2, $3, $4, $5, $6, $7, 1, true, $8)`,
      [
        monitorId,
        transition.sequence,
        transition.group,
        transition.from,
        transition.to,
        transition.slot,
        transition.reason,
        JSON.stringify(transition),
      ],
    )
  }
  await db.query('insert into notifications (monitor_id, sequence, version, transition_sequences) values ($1, $2, 1, $3)', [
    monitorId,
    sequence,
    transitions.map((transition) => transition.sequence),
  ])
}
