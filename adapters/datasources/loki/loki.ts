/**
 * Log alerts over Loki: one range query for slots that lie evenly, else one instant query each. Each slot sees its own window.
 * Read next: logql.ts, ../http-source.ts.
 */
import { type Datasource, type SlotReadings, SourceError, type SourceQuery } from '../../../activities/ports.ts'
import type { SourceOf } from '../../../contract/source.ts'
import { groupKey } from '../../../core/monitor/group.ts'
import { parseEvent } from '../../../core/query/event-language.ts'
import type { EventQuery } from '../../../core/query/event-nodes.ts'
import { evenly } from '../even.ts'
import type { HttpSource } from '../http-source.ts'
import { type PromSeries, seriesOf } from '../prometheus/reply.ts'
import { groupLabels, type LokiNames, logqlOf } from './logql.ts'
import { lokiWords } from './words.ts'

const type = 'log alert'

export function lokiSource(http: HttpSource, { config }: SourceOf<'loki'>): Datasource {
  const names = { selector: config.selector, streamLabels: config.stream_labels, labels: config.labels }
  return {
    types: [type],
    words: lokiWords(http, config.selector),
    query: async (question) => {
      const query = eventOf(question)
      const sent = logqlOf(query, names)
      const times = question.slots.map((slot) => slot - question.delayMs)
      return readingsOf(question, query, names, sent, await ask(http, sent, times, question.timeoutMs))
    },
  }
}

function eventOf(question: SourceQuery): EventQuery {
  const parsed = parseEvent(question.type, question.query)
  if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
  return parsed.query
}

async function ask(http: HttpSource, query: string, times: readonly number[], timeoutMs: number): Promise<PromSeries[]> {
  const even = evenly(times)
  if (even !== null) {
    const parameters = { query, start: nanoseconds(even.fromMs), end: nanoseconds(even.toMs), step: `${even.stepMs / 1_000}` }
    return seriesOf(await http.ask('/loki/api/v1/query_range', parameters, timeoutMs))
  }
  const answers = times.map((time) => http.ask('/loki/api/v1/query', { query, time: nanoseconds(time) }, timeoutMs))
  return (await Promise.all(answers)).flatMap(seriesOf)
}

function readingsOf(
  { slots, delayMs, groupsMax }: SourceQuery,
  query: EventQuery,
  names: LokiNames,
  sent: string,
  found: readonly PromSeries[],
): SlotReadings[] {
  const labels = groupLabels(query, names)
  const bySlot = new Map(slots.map((slot) => [slot, new Map<string, number>()]))
  for (const series of found) {
    const tags = query.by.map((key, index) => [key, series.labels[labels[index] ?? ''] ?? ''] as const)
    const group = groupKey(Object.fromEntries(tags.map(([key, value]) => [key, value === '' ? 'N/A' : value])))
    for (const { atMs, value } of series.points) bySlot.get(atMs + delayMs)?.set(group, value)
  }
  return slots.map((slot) => {
    const sorted = [...(bySlot.get(slot) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1))
    return { slot, values: Object.fromEntries(sorted.slice(0, groupsMax)), sent }
  })
}

const nanoseconds = (ms: number): string => `${ms}000000`
