import { setTimeout as delay } from 'node:timers/promises'
import { checkSchema, SchemaTooNew } from './migrate.ts'
import type { Pool } from './pool.ts'

/** A newer version migrates first and starts its processes afterwards; what an older one does meanwhile is a matter of seconds. */
const lookMs = 5_000

/**
 * Aborted when `stopping` is, or with SchemaTooNew as its reason once a newer version has taken from the database what this one needs: a
 * process that began before that mustn't go on. While PostgreSQL is away nothing can be said, and nothing is written either.
 */
export function schemaGuard(pool: Pool, stopping: AbortSignal, everyMs = lookMs): AbortSignal {
  const tooNew = new AbortController()
  const signal = AbortSignal.any([stopping, tooNew.signal])
  void look()
  return signal

  async function look(): Promise<void> {
    while (!signal.aborted) {
      await delay(everyMs, undefined, { signal }).catch(() => {})
      await checkSchema(pool).catch((error: unknown) => {
        if (error instanceof SchemaTooNew) tooNew.abort(error)
      })
    }
  }
}

/** Rethrows what the guard found, so that the process ends with an error that says it. */
export function throwIfTooNew({ reason }: AbortSignal): void {
  if (reason instanceof SchemaTooNew) throw reason
}
