/**
 * The texts of a definition: what of them is broken, and what will be empty.
 * Never renders them. Read next: core/message/check.ts.
 */
import { type CheckedMessage, checkMessage } from '../core/message/check.ts'
import { queryFacts } from '../core/query/facts.ts'
import type { MonitorDefinition } from './monitor.ts'

/** Errors stop a definition from being stored, warnings don't. */
export function checkMessages(definition: MonitorDefinition): CheckedMessage {
  return checkMessage(definition, tagKeysOf(definition))
}

/** Whose values a message can name: those by which it is told. null = only the source's answer tells. */
function tagKeysOf({ type, query, options }: MonitorDefinition): readonly string[] | null {
  const groupBy = queryFacts(type, query, options.variables)?.groupBy ?? null
  const { notify_by: told } = options
  if (groupBy === null || told === undefined || told === null || told.length === 0) return groupBy
  return told.includes('*') ? [] : told
}
