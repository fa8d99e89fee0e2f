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

it('a blank variable is unset', () => {
  const names = ['PORT', 'HOST', 'TOCSIN_API_KEY', 'DATABASE_URL', 'LOG_LEVEL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TOCSIN_SHARDS']
  const blank = Object.fromEntries(names.map((name, index) => [name, ' '.repeat(index % 2)]))
  expect(loadConfig(blank)).toEqual(loadConfig({}))
  expect(loadTemporalConfig(blank)).toEqual(loadTemporalConfig({}))
})
