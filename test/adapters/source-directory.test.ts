import { expect, test } from 'vitest'
import { metricDatasource } from '../../activities/metric-source.ts'
import type { Datasource, SeriesSource } from '../../activities/ports.ts'
import { windowStart } from '../../adapters/datasources/calendar.ts'
import { sourceDirectory } from '../../adapters/datasources/directory.ts'
import { openSource } from '../../adapters/datasources/open.ts'
import type { StoredSource } from '../../adapters/postgres/queries/sources.ts'
import { type Source, sourceBody, typesOfSource } from '../../contract/source.ts'
import { silentSourceMetrics } from '../support/open-source.ts'

const sourceOf = (types: readonly string[]): Datasource => ({ types, query: async () => [] })

function stored(body: object, more: Partial<StoredSource> = {}): StoredSource {
  const source: Source = sourceBody.parse(body)
  return {
    ...{ name: source.name, kind: source.kind, isDefault: source.default, config: source.config, secretNames: [] },
    ...{ taskQueue: null, managedBy: 'api', version: 1, created: new Date(0), modified: new Date(0), source, unreadable: null },
    ...more,
  }
}

const prometheus = (name: string, more: object = {}) => ({ name, kind: 'prometheus', config: { url: 'http://p:9090' }, ...more })
const postgres = (name: string) => ({ name, kind: 'postgres', config: { url: 'postgres://u@h/d' } })

function directoryOf(rows: readonly StoredSource[] | Error) {
  const state = { rows, now: 0, loads: 0, opened: [] as string[], closed: [] as string[] }
  const directory = sourceDirectory({
    load: async () => {
      state.loads += 1
      if (state.rows instanceof Error) throw state.rows
      return state.rows
    },
    open: ({ name, kind }) => {
      state.opened.push(name)
      const condition = () =>
        ({ circuit: 'closed', running: 0, waiting: 0, sent: 0, shared: 0, failed: 0, last_answer: null, last_failure: null }) as const
      return {
        source: sourceOf(typesOfSource[kind]),
        condition,
        close: async () => {
          state.closed.push(name)
        },
      }
    },
    builtIn: [
      { name: 'intake', source: sourceOf(['metric alert', 'query alert']) },
      { name: 'http', source: sourceOf(['http alert']) },
    ],
    clock: () => state.now,
    queues: ['here'],
  })
  const find = async (type: string, datasource: string | null = null, tags: readonly string[] = []) => {
    const found = await directory.find({ type, datasource, tags })
    if ('elsewhere' in found) return `@${found.elsewhere}`
    return 'missing' in found ? found.missing : `=${found.name}`
  }
  return { state, directory, find }
}

const cases: readonly (readonly [string, readonly StoredSource[], Parameters<ReturnType<typeof directoryOf>['find']>, string])[] = [
  ['metrics are asked of the intake', [], ['query alert'], '=intake'],
  ['… also beside a Prometheus', [stored(prometheus('p'))], ['query alert'], '=intake'],
  ['… unless that is the default', [stored(prometheus('p', { default: true }))], ['query alert'], '=p'],
  ['… or the option names it', [stored(prometheus('p'))], ['query alert', 'p'], '=p'],
  ['… or a tag does', [stored(prometheus('p'))], ['query alert', null, ['team:a', 'datasource:p']], '=p'],
  ['the option comes before the tag', [stored(prometheus('p')), stored(prometheus('q'))], ['query alert', 'q', ['datasource:p']], '=q'],
  ['the intake can be named beside a default', [stored(prometheus('p', { default: true }))], ['query alert', 'intake'], '=intake'],
  ['the only one of its kind needs no name', [stored(postgres('db'))], ['sql alert'], '=db'],
  [
    'of two somebody has to choose',
    [stored(postgres('a')), stored(postgres('b'))],
    ['sql alert'],
    'no source is the default for monitors of the type sql alert: name one of a, b by options.datasource, or make one the default',
  ],
  [
    'none says which kind is needed',
    [],
    ['sql alert'],
    'no source evaluates monitors of the type sql alert: configure one of the kind postgres',
  ],
  ['a source that others ask', [stored(postgres('db'), { taskQueue: 'office' })], ['sql alert'], '@office'],
  ['a source that this worker asks', [stored(postgres('db'), { taskQueue: 'here' })], ['sql alert', 'db'], '=db'],
  ['a type of nobody', [], ['cost alert'], 'no source evaluates monitors of the type cost alert yet'],
  ['a name of nobody', [], ['query alert', 'x'], 'no source x: configure one, or name another by options.datasource'],
  [
    'a source of another kind',
    [stored(postgres('db'))],
    ['query alert', 'db'],
    "source db doesn't evaluate monitors of the type query alert",
  ],
  ['a built-in source of another kind', [], ['query alert', 'http'], "source http doesn't evaluate monitors of the type query alert"],
  [
    'a source that can’t be read',
    [stored(postgres('db'), { source: null, unreadable: 'no key' })],
    ['sql alert', 'db'],
    'no source db that can be used: no key',
  ],
]

test.for(cases)('%s', async ([, rows, question, expected]) => {
  expect(await directoryOf(rows).find(...question)).toBe(expected)
})

test('a change is noticed within seconds, and what didn’t change stays open', async () => {
  const { state, find } = directoryOf([stored(postgres('a')), stored(postgres('b'))])
  await Promise.all([find('sql alert', 'a'), find('sql alert', 'b')])
  expect(state).toMatchObject({ loads: 1, opened: ['a', 'b'], closed: [] })
  state.rows = [stored(postgres('a')), stored(postgres('b'), { version: 2 }), stored(postgres('c'))]
  expect(await find('sql alert', 'c')).toContain('no source c')
  state.now = 5_000
  expect(await find('sql alert', 'c')).toBe('=c')
  expect(state).toMatchObject({ loads: 2, opened: ['a', 'b', 'b', 'c'], closed: ['b'] })
  state.rows = []
  state.now = 10_000
  await find('sql alert', 'c')
  expect(state.closed).toEqual(['b', 'a', 'b', 'c'])
})

test('while PostgreSQL is away the last list holds; without one nobody knows', async () => {
  const { state, find, directory } = directoryOf([stored(postgres('a'))])
  await find('sql alert', 'a')
  state.rows = new Error('away')
  state.now = 60_000
  expect(await find('sql alert', 'a')).toBe('=a')
  await expect(directoryOf(new Error('away')).find('sql alert', 'a')).rejects.toMatchObject({ code: 'unreachable' })
  await directory.close()
})

test.for([
  { kind: 'prometheus', config: { url: 'http://p:9090' } },
  { kind: 'loki', config: { url: 'http://l:3100' } },
  { kind: 'postgres', config: { url: 'postgres://u@h/d' } },
] as const)('a source of the kind $kind evaluates what is said of its kind', async (body) => {
  const metricsOver = (series: SeriesSource) => metricDatasource(series, windowStart)
  const open = openSource({ guard: null, metrics: silentSourceMetrics, clock: Date.now, metricsOver })
  const { source, close } = open(sourceBody.parse({ name: 'x', ...body }))
  expect([...source.types].sort()).toEqual([...typesOfSource[body.kind]].sort())
  await close()
})
