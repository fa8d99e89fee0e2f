/** Tells a running monitor what was just stored. Best effort: the reconciler finds out what didn't get through. */
import type { MonitorRow } from '../adapters/postgres/queries/monitors.ts'
import type { RuntimeMonitor } from '../core/monitor/spec-types.ts'
import type { AppDeps } from './deps.ts'

/** The definition is safe already: a client needn't wait longer for Temporal than for a slow page. */
const announceTimeoutMs = 2_000

export async function announce(deps: Pick<AppDeps, 'log'>, monitorId: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${announceTimeoutMs} ms`)), announceTimeoutMs)
  })
  try {
    await Promise.race([work(), timeout])
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    deps.log.warn({ monitorId, reason }, 'monitor-not-told-yet')
  } finally {
    clearTimeout(timer)
  }
}

export function runningMonitorOf({ id, version, type, name, priority, tags }: MonitorRow): RuntimeMonitor {
  return { monitorId: id, version, type, name, priority, tags }
}
