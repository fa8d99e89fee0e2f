/**
 * What is asked of a running monitor, with its audit event. The event comes first, so that a crash in between leaves an
 * event without its effect, never an effect without its event; what came of it is added afterwards.
 * Read next: adapters/postgres/queries/audit.ts.
 */
import { type AuditAction, type AuditEvent, completeAudit, recordAudit } from '../adapters/postgres/queries/audit.ts'
import type { AppDeps } from './deps.ts'
import type { Principal } from './middleware/keys.ts'

export type Act = Readonly<{ action: AuditAction; monitorId: number; by: Principal; detail?: AuditEvent['detail'] }>

/** requested = nobody knows what came of it; unconfirmed = no answer came, it may have happened all the same. */
type Came = Readonly<{ outcome: 'requested' | 'done' } | { outcome: 'refused' | 'unconfirmed'; reason: string }>

/** Answers and rejects as `work` does. Rejects without doing it where the event can't be written. */
export async function audited<Result>(deps: Pick<AppDeps, 'pool' | 'log'>, act: Act, work: () => Promise<Result>): Promise<Result> {
  const { action, monitorId, by } = act
  const requested = { ...act.detail, outcome: 'requested' } satisfies Came
  const id = await recordAudit(deps.pool, { actor: by.name, action, monitorId, detail: requested })
  const complete = (came: Came): Promise<void> =>
    // The deed is done, whatever becomes of the note about it.
    completeAudit(deps.pool, id, came).catch((reason: unknown) => deps.log.warn({ monitorId, action, reason }, 'audit-not-completed'))
  try {
    const result = await work()
    await complete({ outcome: 'done' })
    return result
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    await complete({ outcome: wasHeard(error) ? 'refused' : 'unconfirmed', reason })
    throw error
  }
}

function wasHeard(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'monitor-refused' || error.code === 'monitor-not-running')
}
