import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../cli/http.ts'
import { createOutbox } from '../../cli/sampler/outbox.ts'
import { cpuShares, parseCpu, parseInterfaces, parseMemory, parseMounts } from '../../cli/sampler/proc.ts'
import { type Reading, readMachine } from '../../cli/sampler/read.ts'
import { samplesOf } from '../../cli/sampler/series.ts'
import { type JsonServer, jsonServer } from '../support/json-server.ts'

describe('what /proc tells', () => {
  it('sums nice into user and interrupts into system', () => {
    expect(parseCpu('cpu  10 5 20 100 7 1 2 3 0 0\ncpu0 1 1 1 1\n')).toEqual({ user: 15, system: 23, idle: 100, iowait: 7, stolen: 3 })
  })

  it('turns ticks into shares of all time passed', () => {
    const before = { user: 0, system: 0, idle: 0, iowait: 0, stolen: 0 }
    expect(cpuShares(before, { user: 50, system: 25, idle: 20, iowait: 5, stolen: 0 })).toEqual({
      user: 50,
      system: 25,
      idle: 20,
      iowait: 5,
      stolen: 0,
    })
    expect(cpuShares(before, before)).toBeNull()
  })

  it('reads memory in bytes, and takes free as usable on old kernels', () => {
    expect(parseMemory('MemTotal:  2048 kB\nMemFree:  512 kB\nMemAvailable:  1024 kB\n')).toEqual({
      total: 2_097_152,
      free: 524_288,
      usable: 1_048_576,
    })
    expect(parseMemory('MemTotal: 2048 kB\nMemFree: 512 kB\n')?.usable).toBe(524_288)
    expect(parseMemory('nothing of that')).toBeNull()
  })

  it('takes each real disk once, at its shortest path, and the root whatever it is', () => {
    const text = [
      'overlay / overlay rw',
      '/dev/sda1 /data/deep ext4 rw',
      '/dev/sda1 /data ext4 rw',
      'tmpfs /run tmpfs rw',
      '/dev/sdb1 /my\\040disk xfs rw',
    ]
    expect(parseMounts(text.join('\n'))).toEqual([
      { device: 'overlay', path: '/' },
      { device: '/dev/sda1', path: '/data' },
      { device: '/dev/sdb1', path: '/my disk' },
    ])
  })

  it('leaves the loopback out unless there is nothing else', () => {
    const lo = '    lo: 1 2 3 4 5 6 7 8 9 10 11 12'
    const eth = '  eth0:100 2 7 4 5 6 7 8 900 10 11 12'
    expect(parseInterfaces(`head | er\n${lo}\n${eth}\n`)).toEqual([
      { name: 'eth0', bytesIn: 100, errorsIn: 7, bytesOut: 900, errorsOut: 11 },
    ])
    expect(parseInterfaces(lo).map(({ name }) => name)).toEqual(['lo'])
  })
})

describe('the samples of two readings', () => {
  const reading: Reading = {
    atMs: 1_000_000,
    cpu: { user: 0, system: 0, idle: 0, iowait: 0, stolen: 0 },
    cores: 2,
    load: [1, 2, 3],
    memory: { total: 4 * 1024 * 1024, free: 1024 * 1024, usable: 2 * 1024 * 1024 },
    disks: [{ device: '/dev/sda1', path: '/', total: 102_400, used: 40_960, available: 40_960 }],
    interfaces: [{ name: 'eth0', bytesIn: 100, errorsIn: 0, bytesOut: 0, errorsOut: 5 }],
  }
  const later: Reading = {
    ...reading,
    atMs: 1_010_000,
    cpu: { user: 30, system: 10, idle: 60, iowait: 0, stolen: 0 },
    interfaces: [{ name: 'eth0', bytesIn: 1_100, errorsIn: 20, bytesOut: 0, errorsOut: 0 }],
  }
  const values = new Map(samplesOf(reading, later).map(({ metric, value }) => [metric, value]))

  it.each([
    ['tocsin.sampler.up', 1],
    ['system.cpu.user', 30],
    ['system.cpu.idle', 60],
    ['system.load.5', 2],
    ['system.load.norm.1', 0.5],
    ['system.mem.total', 4],
    ['system.mem.pct_usable', 0.5],
    ['system.disk.total', 100],
    ['system.disk.in_use', 0.5],
    ['system.net.bytes_rcvd', 100],
    ['system.net.packets_in.error', 2],
  ])('give %s as %d', (metric, value) => {
    expect(values.get(metric)).toBe(value)
  })

  it('say nothing of a counter that began anew, nor of differences without a predecessor', () => {
    expect(values.has('system.net.packets_out.error')).toBe(false)
    expect(samplesOf(null, reading).map(({ metric }) => metric)).not.toContain('system.cpu.user')
  })

  it('exist for this very machine', async () => {
    const metrics = samplesOf(null, await readMachine(Date.now())).map(({ metric }) => metric)
    expect(metrics).toEqual(expect.arrayContaining(['system.load.1', 'system.mem.pct_usable', 'system.disk.in_use']))
  })
})

describe('the outbox', () => {
  let server: JsonServer
  let answer: { status: number; body: unknown }
  let log: string[]
  beforeEach(async () => {
    answer = { status: 202, body: { errors: [] } }
    log = []
    server = await jsonServer(() => answer)
  })
  afterEach(() => server.close())
  const open = (baseUrl: string): ReturnType<typeof createOutbox> =>
    createOutbox({
      client: createHttpClient({ baseUrl, apiKey: 'k', appKey: null }),
      host: 'h1',
      intervalS: 10,
      log: (line) => log.push(line),
    })
  const sample = (atS: number): { metric: string; value: number; atS: number; tags: string[] } => ({
    metric: 'm',
    value: atS,
    atS,
    tags: ['a:b'],
  })

  it("sends Datadog's JSON with the host and the key", async () => {
    const outbox = open(server.url)
    outbox.add([sample(10), sample(20)])
    await outbox.flush()
    expect(server.seen[0]?.headers['dd-api-key']).toBe('k')
    const points = [10, 20].map((at) => ({ timestamp: at, value: at }))
    const series = { metric: 'm', tags: ['a:b'], points, type: 3, interval: 10, resources: [{ type: 'host', name: 'h1' }] }
    expect(server.seen[0]?.body).toEqual({ series: [series] })
    expect(outbox.waiting()).toBe(0)
  })

  it.each([500, 503, 429, 403])('keeps samples with their own times while the answer is %d', async (status) => {
    const outbox = open(server.url)
    answer = { status, body: { errors: ['not now'] } }
    outbox.add([sample(10)])
    await outbox.flush()
    expect(outbox.waiting()).toBe(1)
    answer = { status: 202, body: {} }
    outbox.add([sample(20)])
    await outbox.flush()
    expect(JSON.stringify(server.seen.at(-1)?.body)).toContain('"timestamp":10')
    expect(log).toEqual([`samples wait: HTTP ${status}: not now`, 'the intake takes samples again'])
  })

  it('keeps samples while nobody listens, and drops the oldest beyond its bound', async () => {
    const outbox = open('http://127.0.0.1:1')
    outbox.add(Array.from({ length: 20_005 }, (_, index) => sample(index)))
    await outbox.flush()
    expect(outbox.waiting()).toBe(20_000)
    expect(log[0]).toBe('dropped the 5 oldest samples: 20000 wait already')
  })

  it('drops what the intake refuses for good, so that it never blocks what follows', async () => {
    const outbox = open(server.url)
    answer = { status: 400, body: { errors: ['series[0]: no'] } }
    outbox.add([sample(10)])
    await outbox.flush()
    expect(outbox.waiting()).toBe(0)
    expect(log).toEqual(['samples refused: HTTP 400: series[0]: no'])
  })
})
