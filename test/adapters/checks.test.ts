import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { checksDatasource } from '../../adapters/datasources/checks/checks.ts'
import { httpClient } from '../../adapters/http/fetch.ts'
import { guardOf } from '../../adapters/http/guard.ts'
import { freePort } from '../../cli/up/port.ts'
import { testCertificate } from '../support/certificate.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function portOf<Kind extends Server>(server: Kind): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

const serve = (listener: RequestListener) => portOf(createServer({ keepAliveTimeout: 1 }, listener))

async function check(query: string, more: { allow?: string; timeoutMs?: number; dnsServers?: string[] } = {}) {
  const guard = guardOf(more.allow ?? 'all')
  const { request, close } = httpClient({ guard })
  closing.push(() => void close())
  const source = checksDatasource({ fetch: request, guard, clock: Date.now, dnsServers: more.dnsServers ?? null })
  const calendar = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }
  const question = { type: 'http alert', delayMs: 0, calendar, requireFullWindow: false, groupsMax: 10, timeoutMs: more.timeoutMs ?? 5_000 }
  const [reading] = await source.query({ ...question, query, slots: [Date.now()] })
  return reading?.values
}

describe('HTTP', () => {
  test('method, headers and payload arrive', async () => {
    const port = await serve((req, res) => {
      let body = ''
      req.on('data', (chunk) => {
        body += String(chunk)
      })
      req.on('end', () => res.writeHead(req.method === 'POST' && req.headers['x-key'] === 'a' && body === 'ping' ? 201 : 400).end())
    })
    const query = `http("http://127.0.0.1:${port}/").method("POST").header("X-Key", "a").payload("ping").status() != 201`
    expect(await check(query)).toEqual({ '*': 201 })
  })

  test('a body is searched by a regular expression', async () => {
    const port = await serve((_req, res) => res.end('Wilkommen, Ann'))
    expect(await check(`http("http://127.0.0.1:${port}/").body("komm.*Ann$") < 1`)).toEqual({ '*': 1 })
    expect(await check(`http("http://127.0.0.1:${port}/").body("Bob") < 1`)).toEqual({ '*': 0 })
  })

  test('a pattern that backtracks without end is given up, and says so', async () => {
    const port = await serve((_req, res) => res.end(`${'a'.repeat(60)}!`))
    const startedAt = performance.now()
    await expect(check(`http("http://127.0.0.1:${port}/").body("^(a+)+$") < 1`)).rejects.toMatchObject({ code: 'bad-query' })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  test('of several assertions it says how many hold; what can’t be measured doesn’t', async () => {
    const port = await serve((_req, res) => res.writeHead(503).end('down'))
    const url = `http://127.0.0.1:${port}/`
    expect(await check(`http("${url}").status() != 200 || .body("up") < 1 || .latency() > 60`)).toEqual({ '*': 2 })
    const closed = `http://127.0.0.1:${await freePort()}/`
    expect(await check(`http("${closed}").status() != 200 || .failed() > 0`)).toEqual({ '*': 1 })
    expect(await check(`http("${closed}").status() != 200 || .latency() > 1`)).toEqual({})
  })

  test('what may not be called is no failure of what is watched', async () => {
    const port = await serve((_req, res) => res.end())
    for (const query of [
      `http("http://127.0.0.1:${port}/").failed() > 0`,
      `tcp("127.0.0.1:${port}").failed() > 0`,
      `tls("localhost:${port}").failed() > 0`,
    ]) {
      await expect(check(query, { allow: 'none' })).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('not a public address'),
      })
    }
  })
})

describe('TCP and TLS', () => {
  test('whether something listens', async () => {
    const port = await portOf(createTcpServer((socket) => socket.end()))
    expect(await check(`tcp("127.0.0.1:${port}").failed() > 0`)).toEqual({ '*': 0 })
    expect((await check(`tcp("localhost:${port}").latency() > 1`))?.['*']).toBeLessThan(2)
    const closed = await freePort()
    expect(await check(`tcp("127.0.0.1:${closed}").failed() > 0`)).toEqual({ '*': 1 })
    expect(await check(`tcp("127.0.0.1:${closed}").latency() > 1`)).toEqual({})
  })

  test('how long a certificate lasts, trusted or not', async () => {
    const port = await portOf(createTlsServer(testCertificate, (socket) => socket.end()))
    const days = (await check(`tls("localhost:${port}").days_left() < 14`))?.['*'] ?? 0
    expect(days).toBeGreaterThan(20_000)
    expect(await check(`tls("localhost:${port}").failed() > 0`)).toEqual({ '*': 1 })
    expect(await check(`tls("localhost:${port}").days_left() < 14 || .failed() > 0`)).toEqual({ '*': 1 })
  })

  test('who doesn’t speak TLS has failed, in time', async () => {
    const port = await portOf(createTcpServer(() => {}))
    expect(await check(`tls("127.0.0.1:${port}").failed() > 0`, { timeoutMs: 900 })).toEqual({ '*': 1 })
    expect(await check(`tls("127.0.0.1:${port}").days_left() < 14`, { timeoutMs: 900 })).toEqual({})
  })
})

describe('DNS', () => {
  /** Answers every question with 192.0.2.7, or that there is no such name. */
  async function nameServer(known: boolean): Promise<string> {
    const server = createSocket('udp4')
    server.on('message', (question, { port, address }) => {
      const answer = Buffer.concat([question, known ? Buffer.from('c00c00010001000000050004c0000207', 'hex') : Buffer.alloc(0)])
      // A response, without further records than that.
      answer.writeUInt16BE(known ? 0x8180 : 0x8183, 2)
      answer.writeUInt16BE(known ? 1 : 0, 6)
      answer.writeUInt16BE(0, 10)
      server.send(answer, port, address)
    })
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
    closing.push(() => server.close())
    return `127.0.0.1:${server.address().port}`
  }

  test('what a name stands for', async () => {
    const dnsServers = [await nameServer(true)]
    expect(await check('dns("web.example", "A").failed() > 0', { dnsServers })).toEqual({ '*': 0 })
    expect(await check('dns("web.example", "A").answers() < 1', { dnsServers })).toEqual({ '*': 1 })
    expect(await check('dns("web.example", "A").answers("192.0.2.7") < 1', { dnsServers })).toEqual({ '*': 1 })
    expect(await check('dns("web.example", "A").answers("192.0.2.8") < 1', { dnsServers })).toEqual({ '*': 0 })
  })

  test('no such name, and no answer, have failed', async () => {
    expect(await check('dns("web.example").failed() > 0', { dnsServers: [await nameServer(false)] })).toEqual({ '*': 1 })
    expect(await check('dns("web.example").failed() > 0', { dnsServers: [`127.0.0.1:${await freePort()}`], timeoutMs: 900 })).toEqual({
      '*': 1,
    })
  })
})
