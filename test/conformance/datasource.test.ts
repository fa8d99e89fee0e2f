import { afterAll } from 'vitest'
import { intakeDatasource } from '../../adapters/datasources/intake.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { scriptedDatasource } from '../support/fake-datasource.ts'
import { conformanceSlots, datasourceConformance } from './datasource.ts'

const databases: TestDatabase[] = []
afterAll(() => Promise.all(databases.map((database) => database.drop())))

const question = { type: 'query alert', delayMs: 0, groupsMax: 100, timeoutMs: 10_000 }

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
    source: intakeDatasource(database.pool),
    question: { ...question, query: 'avg(last_1m):avg:app.load{*} by {host} > 1' },
    badQuery: 'avg(last_1m):avg:app.load{*} by host > 1',
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
