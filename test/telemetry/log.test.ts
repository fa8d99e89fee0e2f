import { expect, test } from 'vitest'
import { createLog, withoutCredentials } from '../../telemetry/log.ts'

function lines(): { written: string[]; destination: { write: (line: string) => void } } {
  const written: string[] = []
  return { written, destination: { write: (line) => written.push(line) } }
}

test('an event is one line of JSON with its fields, its name, its level and the time', () => {
  const { written, destination } = lines()
  createLog({ service: 'tocsin-worker', level: 'info', destination }).with({ shard: 2 }).info({ monitorId: 7 }, 'monitor-started')
  expect(written).toHaveLength(1)
  expect(JSON.parse(written.join(''))).toMatchObject({
    level: 'info',
    service: 'tocsin-worker',
    shard: 2,
    monitorId: 7,
    event: 'monitor-started',
  })
})

test('what is below the level is not written', () => {
  const { written, destination } = lines()
  createLog({ service: 'tocsin-worker', level: 'warn', destination }).info({}, 'quiet')
  expect(written).toEqual([])
})

test.each([
  ['an API key', { apiKey: 'S3CRET' }],
  ['an application key among other fields', { request: { path: '/', appKey: 'S3CRET' } }],
  ['a key in headers', { headers: { 'dd-api-key': 'S3CRET', 'dd-application-key': 'S3CRET', authorization: 'S3CRET' } }],
  ['a receiver’s secret', { config: { url: 'http://x', secret: 'S3CRET' } }],
  ['the password in the address of an error', { error: new Error('no answer from postgresql://me:S3CRET@db/tocsin') }],
  [
    'the password in the address of an error’s cause',
    { error: new Error('down', { cause: new Error('postgresql://me:S3CRET@db/tocsin') }) },
  ],
])('%s never reaches the log', (_, fields) => {
  const { written, destination } = lines()
  createLog({ service: 'tocsin-api', level: 'info', destination }).info(fields, 'event')
  expect(written.join('')).not.toContain('S3CRET')
})

test('an address shows without user and password', () => {
  expect(withoutCredentials('postgresql://me:pass@db:5432/tocsin')).toBe('postgresql://db:5432/tocsin')
})
