import { afterAll } from 'vitest'
import { intakeEvents } from '../../adapters/datasources/intake/sources.ts'
import { ingestEntries } from '../../adapters/postgres/queries/entries.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import type { Entry } from '../../contract/entry.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { scriptedDatasource } from '../support/fake-datasource.ts'
import { intakeMetrics } from '../support/intake-metrics.ts'
import { conformanceSlots, datasourceConformance, fullWindowConformance, windowSlots } from './datasource.ts'

const databases: TestDatabase[] = []
afterAll(() => Promise.all(databases.map((database) => database.drop())))

const question = {
  type: 'query alert',
  delayMs: 0,
  calendar: { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 },
  requireFullWindow: false,
  groupsMax: 100,
  timeoutMs: 10_000,
}

datasourceConformance('the intake', async (world) => {
  const database = await createTestDatabase()
  databases.push(database)
  const series = Object.entries(world).map(([tag, values]) => ({
    metric: 'app.load',
    tags: [tag],
    kind: 'gauge' as const,
    intervalS: 0,
    points: values.flatMap((value, index) => (value === null ? [] : [{ atMs: (conformanceSlots[index] ?? 0) - 30_000, value }])),
  }))
  await ingestSeries(database.pool, series)
  return {
    source: intakeMetrics(database.pool),
    question: { ...question, query: 'avg(last_1m):avg:app.load{*} by {host} > 1' },
    badQuery: 'avg(last_1m):avg:app.load{*} by host > 1',
  }
})

datasourceConformance('logs in the intake', async (world) => {
  const database = await createTestDatabase()
  databases.push(database)
  const entries = Object.entries(world).flatMap(([tag, values]) =>
    values.flatMap((value, index): Entry[] => {
      const atMs = (conformanceSlots[index] ?? 0) - 30_000
      const empty = { message: '', status: '', service: '', host: '' }
      return value === null ? [] : [{ ...empty, atMs, timed: true, tags: [tag], attributes: { load: value } }]
    }),
  )
  await ingestEntries(database.pool, 'logs', entries)
  return {
    source: intakeEvents(database.pool),
    question: { ...question, type: 'log alert', query: 'logs("*").rollup("max", "@load").by("host").last("1m") > 1' },
    badQuery: 'logs("*").rollup("max", "@load").by("host") > 1',
  }
})

fullWindowConformance('the intake', async (windows) => {
  const database = await createTestDatabase()
  databases.push(database)
  // A point in each minute of a window of five, or in none but the newest.
  const minutes = { full: [0, 1, 2, 3, 4], gaps: [0] }
  const series = Object.entries(windows).map(([tag, kinds]) => ({
    metric: 'app.load',
    tags: [tag],
    kind: 'gauge' as const,
    intervalS: 0,
    points: kinds.flatMap((kind, index) =>
      kind === null ? [] : minutes[kind].map((minute) => ({ atMs: (windowSlots[index] ?? 0) - 30_000 - minute * 60_000, value: 7 })),
    ),
  }))
  await ingestSeries(database.pool, series)
  return { source: intakeMetrics(database.pool), question: { ...question, query: 'avg(last_5m):avg:app.load{*} by {host} > 1' } }
})

fullWindowConformance('the scripted source', async (windows) => {
  const kindOf = (group: string, slot: number) => windows[group]?.[windowSlots.indexOf(slot)] ?? null
  return {
    source: scriptedDatasource({
      groups: Object.keys(windows),
      value: (group, slot) => (kindOf(group, slot) === null ? null : 7),
      hasGaps: (group, slot) => kindOf(group, slot) === 'gaps',
    }),
    question: { ...question, query: 'as scripted' },
  }
})

datasourceConformance('the scripted source', async (world) => ({
  source: scriptedDatasource({
    groups: Object.keys(world),
    value: (group, slot) => world[group]?.[conformanceSlots.indexOf(slot)] ?? null,
  }),
  question: { ...question, query: 'as scripted' },
  badQuery: '',
}))
