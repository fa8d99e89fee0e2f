/**
 * Who did what and when. A change of a definition is written in the change's own transaction; what is asked of a running
 * monitor is written before it is asked, and how that ended afterwards. Read next: api/routes/actions.ts, api/definitions.ts.
 */
import { onlyRow } from '../only-row.ts'
import type { Queryable } from '../pool.ts'

export type AuditAction =
  | 'monitor.created'
  | 'monitor.updated'
  | 'monitor.deleted'
  | 'monitor.muted'
  | 'monitor.unmuted'
  | 'monitor.paused'
  | 'monitor.resumed'
  | 'monitor.resolved'
  | 'monitor.evaluated'
  | 'monitor.acknowledged'
  | 'monitor.unacknowledged'
  | 'monitor.moved'
  | 'webhook.created'
  | 'webhook.updated'
  | 'webhook.deleted'
  | 'webhook-variable.created'
  | 'webhook-variable.updated'
  | 'webhook-variable.deleted'
  | 'delivery.redriven'
  | 'receiver.created'
  | 'receiver.updated'
  | 'receiver.deleted'
  | 'receiver.tested'
  | 'source.created'
  | 'source.updated'
  | 'source.deleted'
  | 'source.tested'
  | 'downtime.created'
  | 'downtime.updated'
  | 'downtime.canceled'
  | 'notification-rule.created'
  | 'notification-rule.updated'
  | 'notification-rule.deleted'
  | 'api-key.created'
  | 'api-key.updated'
  | 'api-key.revoked'
  | 'application-key.created'
  | 'application-key.updated'
  | 'application-key.revoked'
  | 'session.started'
  | 'session.ended'
  | 'monitor.restricted'
  | 'policy.created'
  | 'policy.updated'
  | 'policy.deleted'
  | 'template.created'
  | 'template.updated'
  | 'template.deleted'

export type AuditEvent = Readonly<{
  actor: string
  action: AuditAction
  /** null = it is about no monitor. */
  monitorId: number | null
  /** Never a secret: of webhooks the names of what changed, for addresses and headers hold some. */
  detail: Readonly<Record<string, unknown>>
}>

/** Returns the event's id. */
export async function recordAudit(db: Queryable, event: AuditEvent): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into audit_events (actor, action, monitor_id, detail) values ($1, $2, $3, $4) returning id',
    [event.actor, event.action, event.monitorId, JSON.stringify(event.detail)],
  )
  return onlyRow(rows).id
}

/** Adds to an event what came of it. */
export async function completeAudit(db: Queryable, id: number, detail: AuditEvent['detail']): Promise<void> {
  await db.query('update audit_events set detail = detail || $2::jsonb where id = $1', [id, JSON.stringify(detail)])
}

export type AuditRow = Readonly<{ id: number; at: Date; actor: string; action: string; detail: AuditEvent['detail'] }>

/** Newest first. */
export async function listAudit(db: Queryable, monitorId: number, before: number | null, limit: number): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `select id, at, actor, action, detail from audit_events
     where monitor_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [monitorId, before, limit],
  )
  return rows
}
