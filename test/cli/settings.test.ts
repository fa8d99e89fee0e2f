/** The environment of `npm start` and of every other process: what is read, what is refused, and how that is said. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { EnvironmentError, loadConfig } from '../../config.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'

const secret = 'hunter2-hunter2'

describe('a variable that makes no sense', () => {
  it.each([
    ['PORT', 'abc', 'expected a port'],
    ['PORT', '65536', 'expected a port'],
    ['PORT', '1e3', 'expected a port'],
    ['TOCSIN_WORKER_PORT', '-1', 'expected a port'],
    ['TOCSIN_API_KEY', secret, 'expected 16 to 128 characters'],
    ['TOCSIN_APP_KEY', 'x'.repeat(129), 'expected 16 to 128 characters'],
    ['DATABASE_URL', `mysql://root:${secret}@db/x`, 'expected an address, as postgresql://'],
    ['TOCSIN_TEMPORAL_UI', 'the ui', 'expected an address'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector', 'expected an address'],
    ['LOG_LEVEL', 'loud', 'expected one of'],
    ['TOCSIN_SECRET_KEY', secret, 'expected 32 bytes in base64'],
    ['TOCSIN_ALLOW_PRIVATE', 'some', 'expected none, all, or networks'],
    ['TOCSIN_SHARDS', 'some', 'expected shards like'],
    ['TOCSIN_SHARDS', '0-9', 'this cell has the shards 0-3'],
    ['TOCSIN_SHARDS', '3-1', 'this cell has the shards 0-3'],
    ['TOCSIN_SHARDS', 'west:0', 'there is no cell west'],
    ['TOCSIN_SHARD_COUNT', 'many', 'expected a number of shards'],
    ['TOCSIN_SHARD_COUNT', '0', 'expected 1 to 256 shards'],
    ['TOCSIN_CELLS', 'west', 'expected cells like'],
    ['TOCSIN_CELLS', 'a=b:1/c,a=b:1/d', 'a name stands there twice'],
    ['TOCSIN_CELLS', 'a=b:1/c/999', 'a: expected 1 to 256 shards'],
  ])('is named with what was expected, never with its value: %s=%s', (name, value, expected) => {
    const load = (): unknown => [loadConfig({ [name]: value }), loadTemporalConfig({ [name]: value })]
    expect(load).toThrow(EnvironmentError)
    expect(load).toThrow(`${name}: `)
    expect(load).toThrow(expected)
    expect(load).not.toThrow(secret)
  })

  it('is named with all others that make none', () => {
    expect(() => loadConfig({ PORT: 'x', LOG_LEVEL: 'x' })).toThrow(/PORT: .*\n.*LOG_LEVEL: /)
  })

  it.each(['cli/up/main.ts', 'cli/up/prepare.ts', 'cli/demo/main.ts', 'cli/sampler/main.ts', 'api/main.ts', 'workers/main.ts'])(
    'ends %s with code 2 and a message, not a stack',
    (script) => {
      const { status, stderr } = spawnSync(process.execPath, [script], {
        env: { PORT: 'abc', TOCSIN_DATA_DIR: '/nowhere' },
        encoding: 'utf8',
      })
      expect(stderr).toBe('The environment is wrong:\n  PORT: expected a port, 0 to 65535\n')
      expect(status).toBe(2)
    },
  )
})

describe('cells', () => {
  const two = 'default=one:7233/tocsin,west=two:7233/other/8'
  it('are one by default, with the address and namespace that were always there', () => {
    const { cells } = loadTemporalConfig({ TEMPORAL_ADDRESS: 't:1', TEMPORAL_NAMESPACE: 'n', TOCSIN_SHARD_COUNT: '2' })
    expect(cells).toEqual([{ name: 'default', address: 't:1', namespace: 'n', shards: 2, served: [0, 1] }])
  })

  it.each([
    ['all', [0, 1, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7]],
    ['none', [], []],
    ['west:all', [], [0, 1, 2, 3, 4, 5, 6, 7]],
    ['0-1', [0, 1], [0, 1]],
    ['default:2,west:0-1,west:7', [2], [0, 1, 7]],
  ])('are served in part: %s', (shards, first, second) => {
    const { cells } = loadTemporalConfig({ TOCSIN_CELLS: two, TOCSIN_SHARDS: shards })
    expect(cells).toEqual([
      { name: 'default', address: 'one:7233', namespace: 'tocsin', shards: 4, served: first },
      { name: 'west', address: 'two:7233', namespace: 'other', shards: 8, served: second },
    ])
  })

  it('are named where a shard is not theirs', () => {
    expect(() => loadTemporalConfig({ TOCSIN_CELLS: two, TOCSIN_SHARDS: 'default:4' })).toThrow(
      'the cell default has the shards 0-3, got 4',
    )
  })
})

it('a blank variable is unset', () => {
  const names = ['PORT', 'HOST', 'TOCSIN_API_KEY', 'DATABASE_URL', 'LOG_LEVEL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TOCSIN_SHARDS']
  const blank = Object.fromEntries(names.map((name, index) => [name, ' '.repeat(index % 2)]))
  expect(loadConfig(blank)).toEqual(loadConfig({}))
  expect(loadTemporalConfig(blank)).toEqual(loadTemporalConfig({}))
})
