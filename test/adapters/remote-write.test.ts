/** Alerts written elsewhere: what a real Prometheus makes of them, and what a target that fails, refuses or comes back is sent. */
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alertSeries } from '../../adapters/postgres/alert-series.ts'
import { saveRuleEvaluations } from '../../adapters/postgres/queries/rules.ts'
import type { Labels, Sample, WrittenAlert } from '../../core/prometheus-template/alert-series.ts'
import { baseUrlOf } from '../support/address.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertMonitor } from '../support/insert-monitor.ts'
import { hasPrometheus } from '../support/prometheus.ts'
import { plainTarget, readWriteRequest, startWritablePrometheus, type WritablePrometheus, writerTo } from '../support/remote-write.ts'
import { until } from '../support/until.ts'

const log = { warn: (fields: object, event: string) => console.log(event, fields) }
const sampleOf = (name: string, atMs = 1_000, value: number | null = 1): Sample => ({ labels: { __name__: name }, atMs, value })

type Target = Readonly<{ url: string; taken: Sample[][]; headers: () => unknown; close: () => void }>

/** `answers`: the status of each request, by what is in it; 200 where there is none. */
async function startTarget(status: (samples: readonly Sample[], attempt: number) => number): Promise<Target> {
  const taken: Sample[][] = []
  let headers: unknown = null
  let attempts = 0
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      headers = req.headers
      attempts += 1
      const samples = readWriteRequest(Buffer.concat(chunks))
      const code = status(samples, attempts)
      if (code < 300) taken.push(samples)
      res.writeHead(code).end(code < 300 ? '' : 'no')
    })
  }).listen(0, '127.0.0.1')
  const url = await baseUrlOf(server)
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { url, taken, headers: () => headers, close }
}

describe('a writer', () => {
  const answered = (): Readonly<{ names: string[]; push: (writer: ReturnType<typeof writerTo>, ...samples: Sample[]) => void }> => {
    const names: string[] = []
    return { names, push: (writer, ...samples) => writer.push(samples, () => names.push(samples[0]?.labels.__name__ ?? '')) }
  }

  test('sends what the protocol asks for, with keys and a tenant', async () => {
    const target = await startTarget(() => 200)
    const writer = writerTo({ url: `${target.url}/write`, username: 'u', password: 'p', token: null, tenant: 't1' })
    const samples = [sampleOf('b', 1_700_000_000_123, 2.5), { labels: { z: 'ü', __name__: 'a', A: '' }, atMs: 5, value: null }]
    writer.push(samples, () => {})
    await writer.close()
    expect(target.taken).toEqual([samples])
    expect(Object.keys(target.taken[0]?.[1]?.labels ?? {})).toEqual(['A', '__name__', 'z'])
    expect(target.headers()).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
      'x-scope-orgid': 't1',
    })
    target.close()
  })

  test('tries again until it is taken, in order, and says when', async () => {
    const target = await startTarget((_, attempt) => [503, 429, 401][attempt - 1] ?? 200)
    const writer = writerTo({ ...plainTarget(target.url), token: 'secret' }, { firstRetryMs: 1 })
    const { names, push } = answered()
    for (const name of ['a', 'b', 'c']) push(writer, sampleOf(name))
    expect(writer.idle()).toBe(false)
    await until('all of them', () => names.length === 3)
    expect(names).toEqual(['a', 'b', 'c'])
    expect(target.taken.flat().map(({ labels }) => labels.__name__)).toEqual(['a', 'b', 'c'])
    expect(target.headers()).toMatchObject({ authorization: 'Bearer secret' })
    await writer.close()
    expect(writer.counts).toEqual({ sent: 3, failed: 0, dropped: 0, waiting: 0, retries: 3 })
    target.close()
  })

  test('of what is refused the good ones are written', async () => {
    const target = await startTarget((samples) => (samples.some(({ labels }) => labels.__name__ === 'bad') ? 400 : 204))
    const writer = writerTo(plainTarget(target.url))
    const { names, push } = answered()
    // The first is under way alone; the others wait for it and go together.
    for (const name of ['first', 'a', 'bad', 'b', 'c']) push(writer, sampleOf(name))
    await writer.close()
    expect(target.taken.flat().map(({ labels }) => labels.__name__)).toEqual(['first', 'a', 'b', 'c'])
    expect(names.toSorted()).toEqual(['a', 'b', 'bad', 'c', 'first'])
    expect(writer.counts).toMatchObject({ sent: 4, failed: 1, dropped: 0, waiting: 0 })
    target.close()
  })

  test('what there is no room for goes, the oldest first; so does what is left at the end', async () => {
    const target = await startTarget(() => 503)
    const writer = writerTo(plainTarget(target.url), { waitingMax: 3, firstRetryMs: 5, drainMs: 30 })
    const { names, push } = answered()
    for (const name of ['under way', 'a', 'b', 'c', 'd']) push(writer, sampleOf(name))
    expect(writer.counts).toMatchObject({ dropped: 2, waiting: 3 })
    await writer.close()
    expect(names).toEqual([])
    expect(writer.counts).toMatchObject({ sent: 0, failed: 0, dropped: 5 })
    target.close()
  })
})

describe.runIf(hasPrometheus)('series of alerts, in Prometheus', () => {
  let database: TestDatabase
  let prometheus: WritablePrometheus
  beforeAll(async () => {
    ;[database, prometheus] = await Promise.all([createTestDatabase(), startWritablePrometheus()])
  })
  afterAll(async () => {
    await Promise.all([prometheus?.close(), database?.drop()])
  })

  const startMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000
  const spec = { type: 'promql alert', query: 'up == 0', tags: [], priority: null } as const
  const alert = (name: string, state: WrittenAlert['state'], activeAtMs = startMs): WrittenAlert => ({
    labels: { alertname: name, host: 'a' },
    state,
    activeAtMs,
  })
  const monitor = (name: string, options = {}): Promise<number> => insertMonitor(database.pool, { name, ...spec }, { options })

  /** A worker's part, from the evaluation on; ended by `gone` or by itself. */
  async function evaluate(monitorId: number, second: number, alerts: readonly WrittenAlert[]): Promise<void> {
    const writer = writerTo(prometheus.target)
    const atMs = startMs + second * 1_000
    await saveRuleEvaluations(database.pool, [{ monitorId, version: 1, slot: atMs, at: atMs, durationMs: 1, error: null, alerts: [] }])
    await alertSeries(database.pool, writer, log).write([{ monitorId, atMs, alerts }])
    await writer.close()
    expect(writer.counts).toMatchObject({ failed: 0, dropped: 0 })
  }
  async function sweep(nowMs: number): Promise<Record<string, number>> {
    const writer = writerTo(prometheus.target)
    await alertSeries(database.pool, writer, log).sweep(nowMs)
    await writer.close()
    return writer.counts
  }

  /** `ALERTS` as of a second: state → value; and since when. */
  async function seen(name: string, second: number): Promise<Record<string, string>> {
    const atMs = startMs + second * 1_000 + 500
    const [alerts, since] = await Promise.all(
      ['ALERTS', 'ALERTS_FOR_STATE'].map((metric) => prometheus.query(`${metric}{alertname="${name}"}`, atMs)),
    )
    const labelsOf = ({ alertname, host, ...rest }: Labels) => Object.values(rest).sort().join(' ')
    return Object.fromEntries([...(alerts ?? []), ...(since ?? [])].map(({ metric, value }) => [labelsOf(metric), value?.[1] ?? '']))
  }
  const remembered = async (monitorId: number): Promise<number> =>
    (await database.pool.query('select from alert_series where monitor_id = $1', [monitorId])).rowCount ?? 0
  const since = (second = 0): Record<string, string> => ({ ALERTS_FOR_STATE: String(startMs / 1_000 + second) })

  test('pending, firing, over: each series ends as the next one begins, whichever worker evaluates', async () => {
    const id = await monitor('Plain')
    const timeline = [
      [alert('Plain', 'pending')],
      [alert('Plain', 'pending')],
      [alert('Plain', 'firing')],
      [],
      [alert('Plain', 'pending', startMs + 4_000)],
    ]
    for (const [second, alerts] of timeline.entries()) await evaluate(id, second, alerts)
    expect(await Promise.all(timeline.map((_, second) => seen('Plain', second)))).toEqual([
      { 'ALERTS pending': '1', ...since() },
      { 'ALERTS pending': '1', ...since() },
      { 'ALERTS firing': '1', ...since() },
      {},
      { 'ALERTS pending': '1', ...since(4) },
    ])
    await until('ends to be forgotten', async () => (await remembered(id)) === 2)
  })

  test('of alerts with the same labels one is written', async () => {
    const id = await monitor('Twice')
    await evaluate(id, 0, [alert('Twice', 'firing'), alert('Twice', 'firing', startMs - 5_000)])
    expect(await seen('Twice', 0)).toEqual({ 'ALERTS firing': '1', ...since() })
  })

  test.each([
    ['deleted', 'update monitors set deleted_at = now() where id = $1'],
    [
      'paused',
      "insert into monitor_state (monitor_id, version, sequence, last_slot, paused, overall, health) values ($1, 1, 1, 1, true, 'Alert', '{}')",
    ],
  ])('the series of a monitor that is %s end after its last evaluation', async (name, statement) => {
    const id = await monitor(name, { evaluation_delay: 2 })
    const other = await monitor(`not ${name}`)
    // Evaluated at second 3, of the data of second 1.
    await evaluate(id, 3, [])
    const writer = writerTo(prometheus.target)
    await alertSeries(database.pool, writer, log).write([{ monitorId: id, atMs: startMs + 1_000, alerts: [alert(name, 'firing')] }])
    await writer.close()
    await evaluate(other, 1, [alert(`not ${name}`, 'firing')])
    await sweep(Date.now())
    expect(await seen(name, 3)).toEqual({ 'ALERTS firing': '1', ...since() })
    await database.pool.query(statement, [id])
    await sweep(Date.now())
    expect(await seen(name, 3)).toEqual({})
    expect(await prometheus.query(`ALERTS{alertname="${name}"}`, startMs + 1_000)).toHaveLength(1)
    expect(await seen(`not ${name}`, 3)).not.toEqual({})
    await until('ends to be forgotten', async () => (await remembered(id)) === 0)
  })

  test('an end that a worker took with it is told by the next evaluation, and by the sweep where there is none', async () => {
    const deaf = { push: () => {}, idle: () => true }
    const [evaluated, left] = [await monitor('Evaluated'), await monitor('Left')]
    for (const [id, name] of [
      [evaluated, 'Evaluated'],
      [left, 'Left'],
    ] as const) {
      await evaluate(id, 0, [alert(name, 'firing')])
      await alertSeries(database.pool, deaf, log).write([{ monitorId: id, atMs: startMs + 1_000, alerts: [] }])
      expect(await seen(name, 2)).toEqual({ 'ALERTS firing': '1', ...since() })
    }
    await evaluate(evaluated, 2, [])
    expect(await seen('Evaluated', 1)).toEqual({})
    // Too young: whoever decided may be telling of it just now.
    expect(await sweep(startMs + 60_000)).toMatchObject({ sent: 0 })
    expect(await sweep(startMs + 62_000)).toMatchObject({ sent: 2, failed: 0 })
    expect(await seen('Left', 1)).toEqual({})
    await until('the end to be forgotten', async () => (await remembered(left)) === 0)
    expect(await sweep(startMs + 62_000)).toMatchObject({ sent: 0 })
  })
})
