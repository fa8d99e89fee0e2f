/** The definition that a question is about: one in its body, or one that is stored; compiled from it, what the engine needs. */
import { findMonitor } from '../adapters/postgres/queries/monitors.ts'
import type { Subject } from '../contract/backtest.ts'
import type { MonitorDefinition } from '../contract/monitor.ts'
import { parseDefinition } from '../contract/parse.ts'
import type { BacktestInput } from '../core/backtest/plan.ts'
import type { AppDeps } from './deps.ts'
import { badRequest, notFound } from './errors.ts'

/** Rejects with the ApiError that says what is wrong. */
export async function definitionOf({ pool }: Pick<AppDeps, 'pool'>, subject: Subject): Promise<BacktestInput['definition']> {
  if (subject.kind === 'stored') {
    const row = await findMonitor(pool, subject.id)
    if (row === null) throw notFound('Monitor')
    return compiled(row, row.id, row.version)
  }
  const parsed = parseDefinition(subject.body)
  if (!parsed.ok) throw badRequest(parsed.errors.map((error) => `monitor: ${error}`))
  // A definition that was read from here keeps its id, and with it the times of its slots.
  const { id } = subject.body
  return compiled(parsed.value, typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : 0, 0)
}

function compiled(definition: MonitorDefinition, monitorId: number, version: number): BacktestInput['definition'] {
  const { type, name, query, message, priority, tags, draft_status: draftStatus, options } = definition
  return { monitorId, version, type, name, query, message, priority, tags, draftStatus, options }
}
