/** The commands that look at a running engine and act on it, as processes, on real servers. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineKeys } from '../support/api-client.ts'
import { type CommandLine, commandLine } from '../support/command-line.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngine } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

type Json = ReturnType<typeof JSON.parse>

const folder = temporaryFolder()
let database: TestDatabase
let namespace: TestNamespace
let engine: Engine
let tocsin: CommandLine
let id = 0

beforeAll(async () => {
  quietRuntime()
  ;[database, namespace] = await Promise.all([createTestDatabase(), createTestNamespace()])
  engine = await startEngine(database, namespace)
  tocsin = commandLine(folder.path, {
    TOCSIN_URL: engine.url,
    TOCSIN_API_KEY: engineKeys.apiKey,
    TOCSIN_APP_KEY: engineKeys.appKey,
    TEMPORAL_ADDRESS: namespace.address,
    TEMPORAL_NAMESPACE: namespace.name,
  })
  await engine.api.push('cli.load', 'a', [{ value: 99 }, { value: 99, agoS: 30 }])
  writeFileSync(
    join(folder.path, 'load.json'),
    JSON.stringify({
      type: 'query alert',
      name: 'load of the tests',
      query: 'max(last_5m):max:cli.load{*} by {host} > 90',
      message: 'high @log',
      tags: ['team:cli'],
      options: { thresholds: { critical: 90 }, interval: 1, new_group_delay: 0 },
    }),
  )
  const applied = await tocsin('monitors', 'apply', 'load.json', '--yes', '--json')
  expect(applied.code, applied.err).toBe(0)
  id = applied.json().done[0].id
  await until('an alert', async () => (await engine.api.send('GET', `/api/v1/monitor/${id}`)).overall_state === 'Alert')
})
afterAll(async () => {
  await engine.close()
  await namespace.close()
  await database.drop()
  folder.remove()
})

/** Whatever must come about within a moment, by looking again. */
async function eventually(what: string, args: readonly string[], holds: (json: Json) => boolean): Promise<Json> {
  let last: Json
  await until(what, async () => {
    const ended = await tocsin(...args)
    if (ended.out === '') throw new Error(ended.err)
    last = ended.json()
    return holds(last)
  })
  return last
}

describe('looking', () => {
  test('status tells of the servers and counts the monitors by state', async () => {
    const { code, out } = await tocsin('status')
    expect({ code, out }).toEqual({
      code: 0,
      out: `API         ${engine.url}, ready\nPostgreSQL  reachable\nTemporal    reachable\nmonitors    1, 1 Alert\n`,
    })
    expect((await tocsin('status', '--json')).json()).toMatchObject({ monitors: 1, states: { Alert: 1 } })
    expect(await tocsin('status', '--api', 'http://127.0.0.1:9')).toMatchObject({ code: 3 })
  })

  test('monitors are listed, filtered and read by id or key', async () => {
    expect((await tocsin('monitors', 'list')).out).toBe(`${id}  Alert  query alert  load of the tests\n`)
    expect((await tocsin('monitors', 'list', '--json', '--tag', 'team:cli', '--state', 'alert', '--name', 'load')).json()).toHaveLength(1)
    expect((await tocsin('monitors', 'list', '--json', '--state', 'OK')).json()).toEqual([])
    expect((await tocsin('monitors', 'get', 'load', '--json', '--groups')).json()).toMatchObject({
      id,
      state: { groups: { 'host:a': { status: 'Alert' } } },
    })
    expect((await tocsin('monitors', 'get', String(id))).out).toContain('name: load of the tests')
    expect(await tocsin('monitors', 'get', '999999')).toMatchObject({ code: 2, err: 'HTTP 404: Monitor not found\n' })
    expect(await tocsin('monitors', 'get', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('no monitor has this id') })
  })

  test('history tells of transitions, evaluations, deliveries and the audit in order of time', async () => {
    const all = ['history', 'load', '--only', 'transitions', 'evaluations', 'deliveries', 'audit', '--json']
    const json = await eventually('a delivery', all, ({ deliveries, evaluations }) => deliveries.length > 0 && evaluations.length > 0)
    expect(json).toMatchObject({ id, transitions: [{ from: 'OK', to: 'Alert', group: 'host:a' }], deliveries: [{ receiver: 'log' }] })
    const { code, out } = await tocsin('history', String(id), '--limit', '3')
    expect(code).toBe(0)
    expect(out).toMatch(/transition {2}host:a {2}OK → Alert {2}99 {2}threshold-crossed {2}told/)
    expect(out).toMatch(/evaluation {2}evaluated {2}99 … 99 {2}1 groups/)
    const times = out
      .trim()
      .split('\n')
      .map((line) => line.slice(0, 19))
    expect(times).toEqual(times.toSorted())
    expect(await tocsin('history', 'load', '--only', 'everything')).toMatchObject({ code: 2 })
  })

  test('watch ends when a state is reached, and with 1 when it isn’t in time', async () => {
    const watched = await tocsin('monitors', 'watch', 'load', '--until', 'Alert', '--json', '--timeout', '20')
    expect(watched.code).toBe(0)
    expect(watched.json()).toMatchObject({ id, from: null, to: 'Alert' })
    expect((await tocsin('monitors', 'watch', 'load', '--until', 'OK', '--timeout', '1', '--interval', '0.5')).code).toBe(1)
  })

  test('sources and receivers are listed, and what isn’t there is named', async () => {
    expect((await tocsin('sources', 'list', '--json')).code).toBe(0)
    expect(await tocsin('sources', 'test', 'nowhere')).toMatchObject({ code: 2, err: expect.stringContaining('HTTP 404') })
  })
})

describe('acting', () => {
  test('mute, with an end, and unmute', async () => {
    expect(await tocsin('monitors', 'mute', 'load', '--for', '2h', '--scope', 'host:a')).toMatchObject({
      code: 0,
      out: `monitor ${id} muted\n`,
      err: '',
    })
    const { options } = await engine.api.send('GET', `/api/v1/monitor/${id}`)
    expect(options.silenced['host:a'] * 1_000).toBeGreaterThan(Date.now() + 7_100_000)
    expect((await tocsin('monitors', 'unmute', 'load', '--all')).code).toBe(0)
    expect((await engine.api.send('GET', `/api/v1/monitor/${id}`)).options.silenced).toEqual({})
    expect(await tocsin('monitors', 'mute', 'load', '--for', 'ever')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--for: expected a duration'),
    })
    expect(await tocsin('monitors', 'mute', 'load', '--until', '2001-01-01')).toMatchObject({
      code: 2,
      err: expect.stringContaining('in the future'),
    })
  })

  test('ack and unack', async () => {
    const acked = await tocsin('monitors', 'ack', 'load', '--note', 'I look', '--json')
    expect(acked.code, acked.err).toBe(0)
    expect(acked.json()).toMatchObject([{ id, acknowledged: ['host:a'], note: 'I look' }])
    expect((await tocsin('monitors', 'unack', 'load')).code).toBe(0)
  })

  test('resolve asks the running monitor', async () => {
    const resolved = await tocsin('monitors', 'resolve', 'load', '--group', 'host:a', '--json')
    expect(resolved.json()).toMatchObject([{ id, resolved: ['host:a'] }])
  })

  test('downtimes are created, listed and canceled', async () => {
    const created = await tocsin(
      'downtimes',
      'create',
      '--monitor',
      'load',
      '--scope',
      'host:b',
      '--for',
      '1h',
      '--message',
      'work',
      '--json',
    )
    expect(created.code, created.err).toBe(0)
    const { id: downtime } = created.json()
    expect((await tocsin('downtimes', 'list', '--current')).out).toContain(`${downtime}  active  host:b`)
    expect(await tocsin('downtimes', 'cancel', downtime)).toMatchObject({ code: 0, out: '1 canceled\n' })
    expect((await tocsin('downtimes', 'list', '--current', '--json')).json()).toEqual([])
    expect(await tocsin('downtimes', 'create', '--for', '1h')).toMatchObject({ code: 2, err: 'expected --monitor or --tag\n' })
  })
})

describe('Temporal', () => {
  test('doctor finds nothing wrong with an engine that runs', async () => {
    const json = await eventually('all well', ['doctor', '--json'], ({ ok }) => ok)
    expect(json.findings.map(({ name }: Json) => name)).toEqual([
      'API',
      'PostgreSQL',
      'Temporal, for the API',
      'keys',
      'clocks',
      'Temporal',
      'namespace',
      'search attributes',
      'workers',
      'running monitors',
      'overdue monitors',
      'lag',
      'stretched monitors',
      'failing monitors',
    ])
    expect((await tocsin('doctor')).out).toMatch(/^ok {3}API: /)
  })

  test('doctor says what is wrong, and what to do about it', async () => {
    const env = {
      TOCSIN_URL: 'http://127.0.0.1:9',
      TOCSIN_API_KEY: engineKeys.apiKey,
      TOCSIN_APP_KEY: engineKeys.appKey,
      TEMPORAL_ADDRESS: namespace.address,
    }
    const elsewhere = commandLine(folder.path, { ...env, TEMPORAL_NAMESPACE: 'no-such-namespace' })
    const { code, out } = await elsewhere('doctor')
    expect(code).toBe(1)
    expect(out).toMatch(/BAD {2}API: http:\/\/127\.0\.0\.1:9 does not answer.*\n {6}→ npm start/)
    expect(out).toContain('BAD  namespace: no-such-namespace isn’t known')
    expect((await tocsin('doctor', '--api-key', 'x'.repeat(32))).out).toContain('BAD  keys: HTTP 403')
  })

  test('replay runs this checkout against what Temporal holds', async () => {
    const one = await tocsin('replay', String(id))
    expect(one.err).toBe('')
    expect(one.out).toMatch(new RegExp(`^monitor-${id}: replayed, \\d+ events\n$`))
    const all = await tocsin('replay', '--all', '--json')
    expect(all.code, all.err).toBe(0)
    expect(all.json()).toMatchObject({ not_replayed: 0 })
    expect(all.json().histories).toBeGreaterThanOrEqual(1)
    expect(await tocsin('replay', '999999')).toMatchObject({ code: 2, err: expect.stringContaining('has no workflow') })
    expect(await tocsin('replay')).toMatchObject({ code: 2, err: expect.stringContaining('or --all') })
  })

  test('replay of a file that says otherwise ends with 1, of none with 2', async () => {
    const history = await namespace.client.workflow.getHandle(`monitor-${id}`).fetchHistory()
    const json = historyToJSON(history)
    writeFileSync(join(folder.path, 'right.json'), json)
    writeFileSync(
      join(folder.path, 'wrong.json'),
      json.replace('"activityType":"evaluate"', '"x":1').replaceAll('TIMER_STARTED', 'TIMER_CANCELED'),
    )
    expect((await tocsin('replay', 'right.json')).code).toBe(0)
    expect([1, 2]).toContain((await tocsin('replay', 'wrong.json')).code)
    expect((await tocsin('replay', 'none.json')).code).toBe(2)
  })

  test('reset says what it takes back, and the monitor goes on in a new run', async () => {
    const planned = await tocsin('reset', 'load', '--to', 'first', '--dry-run')
    expect(planned.err).toBe('')
    expect(planned.out).toMatch(/back to event \d+ of .*; this takes back\n {2}\d+ events until .*: \d+ evaluations, \d+ commits/)
    const before = await namespace.client.workflow.getHandle(`monitor-${id}`).describe()
    const done = await tocsin('reset', 'load', '--to', 'first', '--yes', '--json', '--run', before.runId)
    expect(done.code, done.err).toBe(0)
    expect(done.json()).toMatchObject({
      workflow: `monitor-${id}`,
      run: before.runId,
      reset: true,
      new_run: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect((await namespace.client.workflow.getHandle(`monitor-${id}`).describe()).runId).not.toBe(before.runId)
    await eventually(
      'an evaluation after the reset',
      ['history', 'load', '--only', 'evaluations', '--json'],
      ({ evaluations }) => evaluations[0]?.slot > Date.now() - 5_000,
    )
  })

  test.each([
    [[], '--to is missing'],
    [['--to', 'noon'], '--to: expected first, last'],
    [['--to', '2'], 'has no end of a workflow task there'],
    [['--to', '2001-01-01'], 'keeps no run of that time'],
    [['--to', 'last'], 'there is nobody to be asked'],
  ])('reset with %j ends with 2', async (args, error) => {
    expect(await tocsin('reset', 'load', ...args)).toMatchObject({ code: 2, err: expect.stringContaining(error) })
  })
})

describe('the command line', () => {
  test('deleting asks, and is done', async () => {
    expect(await tocsin('monitors', 'delete', 'load')).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
    expect(await tocsin('monitors', 'delete', 'load', '--yes')).toMatchObject({ code: 0, out: `monitor ${id} deleted\n` })
    expect((await tocsin('monitors', 'list')).out).toBe('')
  })

  test('help is an answer; nothing at all is none', async () => {
    expect(await tocsin('help')).toMatchObject({ code: 0, err: '' })
    expect(await tocsin('apply', '--help')).toMatchObject({ code: 0, err: '' })
    expect(await tocsin()).toMatchObject({ code: 2, out: '' })
    expect(await tocsin('monitors')).toMatchObject({ code: 2, out: '' })
    expect((await tocsin('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test.each(['bash', 'zsh', 'fish'])('completion for %s has every command', async (shell) => {
    const { code, out } = await tocsin('completion', shell)
    expect(code).toBe(0)
    for (const word of ['apply', 'monitors', 'watch', 'doctor', 'import', 'prometheus', 'prune']) expect(out).toContain(word)
  })

  test('completion for another shell ends with 2', async () => {
    expect(await tocsin('completion', 'tcsh')).toMatchObject({ code: 2, err: 'expected bash, zsh or fish, not tcsh\n' })
  })
})
