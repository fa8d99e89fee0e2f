/** Which types of monitor search which events, by the names that queries have for them. Read next: event-language.ts. */
import type { EventSource } from './event-nodes.ts'

/** The first is what a message suggests. Types whose queries are formulas only have none. */
const sources: Readonly<Record<string, readonly EventSource[]>> = {
  'audit alert': ['audits'],
  'ci-pipelines alert': ['ci-pipelines'],
  'ci-tests alert': ['ci-tests'],
  'cost alert': [],
  'data-jobs alert': [],
  'data-quality alert': [],
  'database-monitoring alert': ['database-monitoring'],
  'error-tracking alert': ['error-tracking', 'error-tracking-logs', 'error-tracking-rum', 'error-tracking-traces'],
  'event alert': ['events'],
  'event-v2 alert': ['events'],
  'llm-observability alert': ['llm-observability'],
  'log alert': ['logs'],
  'network-path alert': ['network-path'],
  'network-performance alert': ['network-performance'],
  'rum alert': ['rum'],
  'trace-analytics alert': ['trace-analytics'],
}

/** null = monitors of this type search no events. */
export function eventSourcesOf(type: string): readonly EventSource[] | null {
  return Object.hasOwn(sources, type) ? (sources[type] ?? null) : null
}

/** Other names of the same. */
const aliases: Readonly<Record<string, EventSource>> = {
  audit: 'audits',
  log: 'logs',
  event: 'events',
}

export function eventSourceNamed(name: string, sources: readonly EventSource[]): EventSource | null {
  return sources.find((source) => source === name || (Object.hasOwn(aliases, name) && aliases[name] === source)) ?? null
}
