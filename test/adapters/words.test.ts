/** Words that complete queries, out of what was pushed, and out of the label APIs of Prometheus and Loki as they are documented. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryWords, seriesWords } from '../../adapters/datasources/intake/words.ts'
import { lokiWords } from '../../adapters/datasources/loki/words.ts'
import { prometheusWords } from '../../adapters/datasources/prometheus/words.ts'
import { ingestChecks } from '../../adapters/postgres/queries/checks.ts'
import { ingestEntries } from '../../adapters/postgres/queries/entries.ts'
import { ingestSeries } from '../../adapters/postgres/queries/intake.ts'
import type { WordsQuery } from '../../core/look/completion.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { openHttpSource } from '../support/open-source.ts'

const question: WordsQuery = { type: 'query alert', of: 'name', name: null, key: null, text: '', limit: 10, timeoutMs: 5_000 }
const atMs = Date.now()

describe('of what was pushed', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
    const { pool } = database
    const series = (metric: string, tags: string[]) => ({
      metric,
      tags,
      kind: 'gauge' as const,
      intervalS: 0,
      points: [{ atMs, value: 1 }],
    })
    await ingestSeries(pool, [
      series('shop.queue.length', ['env:prod', 'queue:mail']),
      series('shop.queue.length', ['env:prod', 'queue:mass_mail']),
      series('queue.age', ['env:dev']),
      series('100%', ['bare']),
    ])
    await ingestChecks(pool, [{ check: 'app.up', tags: ['host:web-1'], atMs, status: 0, message: '' }])
    const entry = { atMs, timed: true, message: 'x', status: 'error', service: 'web', host: 'h1', tags: ['team:core'] }
    await ingestEntries(pool, 'logs', [{ ...entry, attributes: { user: 'ann', http: { method: 'GET' }, 'a.b': 'dotted' } }])
  })
  afterAll(() => database.drop())

  test.each<readonly [string, Partial<WordsQuery>, readonly string[]]>([
    ['names, those that begin with the text first', { text: 'queue' }, ['queue.age', 'shop.queue.length']],
    ['whatever the case', { text: 'SHOP' }, ['shop.queue.length']],
    ['what a pattern would mean is only text', { text: '%' }, ['100%']],
    ['names that nobody has', { text: 'nothing' }, []],
    ['keys of a metric', { of: 'key', name: 'shop.queue.length' }, ['env', 'queue']],
    ['keys of all', { of: 'key' }, ['env', 'queue']],
    ['values of a key', { of: 'value', name: 'shop.queue.length', key: 'queue', text: 'ma' }, ['mail', 'mass_mail']],
    ['values, where an underscore is one', { of: 'value', key: 'queue', text: 's_' }, ['mass_mail']],
    ['values of a key that nobody has', { of: 'value', key: 'none' }, []],
  ])('metrics: %s', async (_, asked, words) => {
    const ask = seriesWords(database.pool, { table: 'series', column: 'metric' })
    expect(await ask({ ...question, ...asked })).toEqual({ words, more: false })
  })

  test('more than may be is cut, and said', async () => {
    const ask = seriesWords(database.pool, { table: 'series', column: 'metric' })
    expect(await ask({ ...question, limit: 1 })).toEqual({ words: ['100%'], more: true })
  })

  test('checks have names of their own', async () => {
    const ask = seriesWords(database.pool, { table: 'check_series', column: 'name' })
    expect(await ask(question)).toEqual({ words: ['app.up'], more: false })
  })

  test.each<readonly [string, Partial<WordsQuery>, readonly string[]]>([
    ['keys', { of: 'key', limit: 20 }, ['@a.b', '@http', '@user', 'host', 'service', 'source', 'status', 'team']],
    ['values of a field', { of: 'value', key: 'service' }, ['web']],
    ['values of a tag', { of: 'value', key: 'team' }, ['core']],
    ['values of an attribute', { of: 'value', key: '@user' }, ['ann']],
    ['values inside of an attribute', { of: 'value', key: '@http.method' }, ['GET']],
    ['values of an attribute with a dot', { of: 'value', key: '@a.b' }, ['dotted']],
    ['no names', { of: 'name' }, []],
  ])('logs: %s', async (_, asked, words) => {
    const ask = entryWords(database.pool, () => 'logs')
    expect(await ask({ ...question, ...asked })).toEqual({ words, more: false })
  })
})

describe('of Prometheus and Loki', () => {
  let server: HookServer
  beforeAll(async () => {
    server = await startHookServer(answer(200, {}, '{"status":"success","data":["__name__","up","node_up"]}'))
  })
  afterAll(() => server.close())
  const lastPath = (): string => decodeURIComponent(server.hooks().at(-1)?.path ?? '')

  test.each<readonly [string, Partial<WordsQuery>, string]>([
    ['names', { text: 'u.p' }, '/api/v1/label/__name__/values?match[]={__name__=~"(?i).*u\\\\.p.*"}&limit=10000'],
    ['labels of a metric', { of: 'key', name: 'up' }, '/api/v1/labels?match[]={__name__="up"}&limit=10000'],
    ['values of a label', { of: 'value', key: 'job', name: 'up' }, '/api/v1/label/job/values?match[]={__name__="up"}&limit=10000'],
  ])('Prometheus is asked for %s by GET', async (_, asked, path) => {
    const http = openHttpSource({ kind: 'prometheus', config: { url: new URL(server.url).origin } })
    await prometheusWords(http)({ ...question, ...asked })
    expect(lastPath()).toBe(path)
    expect(server.hooks().at(-1)?.method).toBe('GET')
  })

  test('its answers are filtered here too, for older ones heed no selector', async () => {
    const http = openHttpSource({ kind: 'prometheus', config: { url: new URL(server.url).origin } })
    expect(await prometheusWords(http)({ ...question, of: 'key', text: 'up' })).toEqual({ words: ['up', 'node_up'], more: false })
  })

  test('Loki is asked for labels of the streams that the source is about', async () => {
    const http = openHttpSource({ kind: 'loki', config: { url: new URL(server.url).origin, selector: '{app=~".+"}' } })
    await lokiWords(http, '{app=~".+"}')({ ...question, of: 'value', key: 'app' })
    expect(lastPath()).toBe('/loki/api/v1/label/app/values?query={app=~".+"}')
  })
})
