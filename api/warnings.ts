import { checkMessages } from '../contract/check-message.ts'
import type { MonitorDefinition } from '../contract/monitor.ts'

/**
 * What is right and will hardly do what was meant, as a field of ours in the answer to whoever wrote it. Left out where there is nothing
 * to say: Datadog's clients see Datadog's fields alone.
 */
export function warningsOf(definition: MonitorDefinition): Readonly<{ warnings?: readonly string[] }> {
  const { warnings } = checkMessages(definition)
  return warnings.length === 0 ? {} : { warnings }
}
