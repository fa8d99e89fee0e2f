/**
 * `promql alert`: PromQL as it is, without the comparison at its end, so that series that recovered are still seen. One slot is an instant
 * query, several are one range query where they lie evenly. Each set of labels is a group.
 * Never guesses a series' name: two series that differ by it only are an error, as with Prometheus' rules. Read next: reply.ts.
 */
import { type Datasource, type SlotReadings, SourceError, type SourceQuery } from '../../../activities/ports.ts'
import { groupKey } from '../../../core/monitor/group.ts'
import type { PromqlQuery } from '../../../core/query/our-nodes.ts'
import { parsePromql } from '../../../core/query/promql-language.ts'
import { evenly } from '../even.ts'
import type { HttpSource } from '../http-source.ts'
import type { PromSeries } from './reply.ts'
import { instantQuery, rangeQuery } from './series.ts'

const type = 'promql alert'

export function promqlDatasource(http: HttpSource): Datasource {
  return {
    types: [type],
    query: async (question) => {
      const { of } = promqlOf(question)
      const times = question.slots.map((slot) => slot - question.delayMs)
      const found = await ask(http, of, times, question.timeoutMs)
      return readingsOf(question, of, found)
    },
  }
}

function promqlOf(question: SourceQuery): PromqlQuery {
  const parsed = parsePromql(question.query)
  if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
  return parsed.query
}

async function ask(http: HttpSource, query: string, times: readonly number[], timeoutMs: number): Promise<PromSeries[]> {
  const even = evenly(times)
  if (even !== null) return rangeQuery(http, query, even, timeoutMs)
  return (await Promise.all(times.map((time) => instantQuery(http, query, time, timeoutMs)))).flat()
}

function readingsOf({ slots, delayMs, groupsMax }: SourceQuery, sent: string, found: readonly PromSeries[]): SlotReadings[] {
  const bySlot = new Map(slots.map((slot) => [slot, new Map<string, number>()]))
  for (const { labels, points } of found) {
    const group = groupKey(labels)
    for (const { atMs, value } of points) {
      const values = bySlot.get(atMs + delayMs)
      if (values?.has(group) === true) throw new SourceError('bad-query', `${group}: several series have these labels: aggregate them`)
      values?.set(group, value)
    }
  }
  return slots.map((slot) => {
    const sorted = [...(bySlot.get(slot) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1))
    return { slot, values: Object.fromEntries(sorted.slice(0, groupsMax)), sent }
  })
}
