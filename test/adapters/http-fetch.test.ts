import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { request } from '../../adapters/http/fetch.ts'

const open: Server[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

async function listen<S extends Server>(server: S): Promise<string> {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `127.0.0.1:${address.port}`
}

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createHttpServer({ keepAliveTimeout: 1 }, listener)
  return `http://${await listen(server)}`
}

test('a request arrives as it was sent, and the answer comes back whole', async () => {
  const url = await serve((req, res) => {
    let body = ''
    req.on('data', (chunk) => {
      body += String(chunk)
    })
    req.on('end', () => res.writeHead(201, { 'X-Seen': `${req.method} ${req.headers['x-mine']}` }).end(`got ${body}`))
  })
  const reply = await request({ url, method: 'POST', headers: { 'x-mine': 'yes' }, body: 'täxt', timeoutMs: 5_000 })
  expect(reply).toMatchObject({ kind: 'response', status: 201, body: 'got täxt', bodyTruncated: false })
  expect(reply.kind === 'response' && reply.headers['x-seen']).toBe('POST yes')
  expect(reply.durationMs).toBeGreaterThan(0)
})

test('HEAD has no body', async () => {
  const url = await serve((_req, res) => res.writeHead(204).end())
  expect(await request({ url, method: 'HEAD', timeoutMs: 5_000 })).toMatchObject({ kind: 'response', status: 204, body: '' })
})

test('a redirect is an answer like any other, not followed', async () => {
  const url = await serve((_req, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())
  const reply = await request({ url, method: 'GET', timeoutMs: 5_000 })
  expect(reply).toMatchObject({ kind: 'response', status: 302, headers: { location: 'http://127.0.0.1:1/' } })
})

test('an endless body is cut at maxBytes', async () => {
  const url = await serve((_req, res) => {
    const pump = (): void => {
      while (!res.destroyed && res.write('x'.repeat(1_000)));
    }
    res.on('drain', pump)
    pump()
  })
  const reply = await request({ url, method: 'GET', timeoutMs: 5_000, maxBytes: 5_000 })
  expect(reply).toMatchObject({ kind: 'response', status: 200, body: 'x'.repeat(5_000), bodyTruncated: true })
})

test.each<[string, RequestListener]>([
  ['never answers', () => {}],
  ['never ends its body', (_req, res) => res.writeHead(200).write('begun')],
])('a server that %s is a timeout', async (_name, listener) => {
  const server = createHttpServer(listener)
  const url = `http://${await listen(server)}`
  const reply = await request({ url, method: 'GET', timeoutMs: 100 })
  server.closeAllConnections()
  expect(reply).toMatchObject({ kind: 'failed', code: 'timeout', reason: 'no answer within 100 ms' })
})

test('a closed port is unreachable', async () => {
  const server = createServer()
  const address = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  open.pop()
  const reply = await request({ url: `http://${address}`, method: 'GET', timeoutMs: 5_000 })
  expect(reply).toMatchObject({ kind: 'failed', code: 'unreachable', reason: expect.stringContaining('ECONNREFUSED') })
})

test('a connection that is reset is unreachable', async () => {
  const address = await listen(createServer((socket) => socket.on('data', () => socket.resetAndDestroy()).on('error', () => {})))
  expect(await request({ url: `http://${address}`, method: 'GET', timeoutMs: 5_000 })).toMatchObject({
    kind: 'failed',
    code: 'unreachable',
  })
})

test('an answer that is not HTTP is a bad reply', async () => {
  const address = await listen(createServer((socket) => socket.on('error', () => {}).on('data', () => socket.end('SSH-2.0-OpenSSH\r\n'))))
  expect(await request({ url: `http://${address}`, method: 'GET', timeoutMs: 5_000 })).toMatchObject({ kind: 'failed', code: 'bad-reply' })
})

test.each(['not a url', 'ftp://127.0.0.1/', 'http://'])('%j is refused without a connection', async (url) => {
  expect(await request({ url, method: 'GET', timeoutMs: 5_000 })).toMatchObject({ kind: 'failed', code: 'refused' })
})
