import { configuredNames } from '../adapters/postgres/queries/receiver-names.ts'
import { checkMessages } from '../contract/check-message.ts'
import type { MonitorDefinition } from '../contract/monitor.ts'
import { findHandles } from '../core/message/handles.ts'
import type { AppDeps } from './deps.ts'

/** More than these say nothing more to the reader. */
const handlesToldMax = 20

/**
 * What is right and will hardly do what was meant, as a field of ours in the answer to whoever wrote it. Left out where there is nothing
 * to say: Datadog's clients see Datadog's fields alone.
 */
export async function warningsOf(
  { pool }: Pick<AppDeps, 'pool'>,
  definition: MonitorDefinition,
): Promise<Readonly<{ warnings?: readonly string[] }>> {
  const warnings = [...checkMessages(definition).warnings, ...(await unknownHandles(pool, definition))]
  return warnings.length === 0 ? {} : { warnings }
}

/** Handles that a text names as they are, and nobody is configured for. Those made of values are known once it is rendered. */
async function unknownHandles(pool: AppDeps['pool'], { message, options }: MonitorDefinition): Promise<string[]> {
  const { escalation_message: escalation } = options
  const handles = [...new Set([message, ...(typeof escalation === 'string' ? [escalation] : [])].flatMap(writtenHandles))]
  if (handles.length === 0) return []
  const known = await configuredNames(pool, handles)
  const unknown = handles.filter((handle) => !known.has(handle)).slice(0, handlesToldMax)
  return unknown.map((handle) => `message: nobody is configured as @${handle}: create the receiver at /api/v2/receivers`)
}

function writtenHandles(text: string): string[] {
  // A handle may go on with a value, and ends where a block does.
  const plain = text.replace(/\{\{\s*(?:[#/^]|else\b)[^{}]*\}\}/g, ' ').replace(/\{\{[^{}]*\}\}/g, templateMark)
  return findHandles(plain).flatMap(({ name, to }) => (isGoneOnWith(plain.slice(to)) ? [] : [name]))
}

/** No character of a handle, and of no text that is stored. */
const templateMark = '\0'

function isGoneOnWith(rest: string): boolean {
  return /^[.+@-]{0,100}\0/.test(rest)
}
