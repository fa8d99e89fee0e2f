/** Who changed what: written in the transaction of the change itself, never afterwards. */
import type { Queryable } from '../pool.ts'

export type AuditAction =
  | 'monitor.created'
  | 'monitor.updated'
  | 'monitor.deleted'
  | 'monitor.muted'
  | 'monitor.unmuted'
  | 'webhook.created'
  | 'webhook.updated'
  | 'webhook.deleted'

export type AuditEvent = Readonly<{
  actor: string
  action: AuditAction
  /** null = it is about no monitor. */
  monitorId: number | null
  /** Names of what changed, never values: addresses and headers of webhooks hold secrets. */
  detail: Readonly<Record<string, unknown>>
}>

export async function recordAudit(db: Queryable, event: AuditEvent): Promise<void> {
  await db.query('insert into audit_events (actor, action, monitor_id, detail) values ($1, $2, $3, $4)', [
    event.actor,
    event.action,
    event.monitorId,
    JSON.stringify(event.detail),
  ])
}
