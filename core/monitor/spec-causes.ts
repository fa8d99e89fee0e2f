import type { InhibitRule, Status } from './spec-types.ts'

const statusOf: Readonly<Record<string, Status>> = { alert: 'Alert', warn: 'Warn', 'no data': 'No Data' }

/** The option `inhibited_by`: a monitor's id, or tags that it must have; which of its groups' tags must be equal; in which statuses it counts (Alert). */
export function inhibitedByOf(value: unknown): readonly InhibitRule[] {
  return Array.isArray(value) ? value.flatMap((entry: unknown) => ruleOf(entry)) : []
}

/** A rule that names nobody would be about every monitor: it is none. */
function ruleOf(value: unknown): InhibitRule[] {
  if (typeof value !== 'object' || value === null) return []
  const said = new Map<string, unknown>(Object.entries(value))
  const id = said.get('monitor_id')
  const monitorId = typeof id === 'number' ? id : null
  const monitorTags = monitorId === null ? textsOf(said.get('monitor_tags')) : []
  if (monitorId === null && monitorTags.length === 0) return []
  const named = textsOf(said.get('statuses')).flatMap((name) => statusOf[name] ?? [])
  const statuses: readonly Status[] = named.length === 0 ? ['Alert'] : named
  return [{ monitorId, monitorTags, equal: [...new Set(textsOf(said.get('equal')))].sort(), statuses }]
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
