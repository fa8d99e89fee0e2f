/**
 * What clients push, as sources of monitors: service checks, logs and events, heartbeats. Metrics are put together by
 * activities/metric-readings.ts from series.ts. Never answers from a part of the data.
 * Read next: checks.ts, events.ts, heartbeats.ts.
 */
import { type Datasource, SourceError, type SourceQuery } from '../../../activities/ports.ts'
import { defaultIntakeDays, type IntakeDays } from '../../../core/intake-days.ts'
import { queryFacts } from '../../../core/query/facts.ts'
import type { Query } from '../../../core/query/nodes.ts'
import { parseQuery } from '../../../core/query/parse.ts'
import type { Pool } from '../../postgres/pool.ts'
import { checkReadings } from './checks.ts'
import { formulaReadings } from './event-formula.ts'
import { eventReadings } from './events.ts'
import { heartbeatReadings } from './heartbeats.ts'
import { entryWords, seriesWords } from './words.ts'

/** Slots of one question at most: a batch of catching up has 60. */
const slotsMax = 1_000

export function intakeChecks(pool: Pool): Datasource {
  return {
    types: ['service check'],
    words: seriesWords(pool, { table: 'check_series', column: 'name' }),
    query: async (source) => {
      const query = queryOf(source)
      if (query.kind !== 'check') throw wrongKind(query)
      // As long as the engine takes a group's data for fresh.
      return checkReadings(pool, query, source, queryFacts(source.type, source.query)?.windowMs ?? 0)
    },
  }
}

export function intakeEvents(pool: Pool, kept: IntakeDays = defaultIntakeDays): Datasource {
  return {
    types: ['log alert', 'event alert', 'event-v2 alert'],
    words: entryWords(pool, (type) => (type === 'log alert' ? 'logs' : 'events')),
    query: async (source) => {
      const query = queryOf(source)
      if (query.kind === 'formula') return formulaReadings(pool, query, source, kept)
      if (query.kind !== 'event') throw wrongKind(query)
      return eventReadings(pool, query, source, kept)
    },
  }
}

export function intakeHeartbeats(pool: Pool): Datasource {
  return {
    types: ['heartbeat alert'],
    query: async (source) => {
      const query = queryOf(source)
      if (query.kind !== 'heartbeat') throw wrongKind(query)
      return heartbeatReadings(pool, query, source)
    },
  }
}

function queryOf({ type, query, slots }: SourceQuery): Query {
  const parsed = parseQuery(type, query)
  if (!parsed.ok) throw new SourceError('bad-query', parsed.error.message)
  if (slots.length > slotsMax) throw new SourceError('bad-query', `${slots.length} slots at once, at most ${slotsMax}`)
  return parsed.query
}

function wrongKind({ kind }: Query): SourceError {
  return new SourceError('bad-query', `a query of the kind ${kind} is not for this source`)
}
