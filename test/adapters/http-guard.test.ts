import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { httpClient } from '../../adapters/http/fetch.ts'
import { guardOf } from '../../adapters/http/guard.ts'

const server = createServer((req, res) => {
  if (req.url === '/away') res.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' })
  res.end('secret of this machine')
})
let port = 0
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = address !== null && typeof address === 'object' ? address.port : 0
})
afterAll(() => server.close())

const special = [
  ...['0.0.0.0', '10.1.2.3', '100.100.100.200', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
  ...['192.168.1.1', '192.0.2.1', '198.18.0.1', '203.0.113.9', '224.0.0.1', '255.255.255.255', '240.0.0.1'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a9fe:a9fe', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::'],
  ...['fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '2001:db8::1', '::127.0.0.1', 'not an address', ''],
]
const open = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8']

describe('an address', () => {
  test.for(special)('that is not public is refused: %s', (address) => {
    expect(guardOf('none').refusal(address)).not.toBeNull()
  })

  test.for(open)('that is public may be called: %s', (address) => {
    expect(guardOf('none').refusal(address)).toBeNull()
  })

  test('may be allowed by its network, and all but the link-local at once', () => {
    const some = guardOf('10.0.0.0/8, ::1')
    const answers = ['10.9.9.9', '::ffff:10.9.9.9', '::1', '127.0.0.1', '192.168.0.1'].map((address) => some.refusal(address) === null)
    expect(answers).toEqual([true, true, true, false, false])
    const all = guardOf('all')
    expect(['127.0.0.1', '::1', '192.168.0.1', 'fd00::1'].map((address) => all.refusal(address))).toEqual([null, null, null, null])
    expect(all.refusal('169.254.169.254')).toMatch(/169.254.169.254 is not a public address/)
    expect(guardOf('169.254.169.254').refusal('169.254.169.254')).toBeNull()
  })
})

/** Ways to write this machine. */
const hosts = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  'localhost',
  '0.0.0.0',
  '0',
]

test.for(hosts)('http://%s is not called by a guarded client', async (host) => {
  const client = httpClient({ guard: guardOf('none') })
  const reply = await client.request({ url: `http://${host}:${port}/`, method: 'GET', timeoutMs: 5_000 })
  expect(reply).toMatchObject({ kind: 'failed', code: 'forbidden', reason: expect.stringMatching(/not a public address/) })
  await client.close()
})

test('what is allowed is called, and a redirect from there leads nowhere', async () => {
  const client = httpClient({ guard: guardOf('127.0.0.0/8') })
  expect(await client.request({ url: `http://127.0.0.1:${port}/`, method: 'GET', timeoutMs: 5_000 })).toMatchObject({ status: 200 })
  expect(await client.request({ url: `http://127.0.0.1:${port}/away`, method: 'GET', timeoutMs: 5_000 })).toMatchObject({ status: 302 })
  await client.close()
})

test('a name is resolved once, and a private address among its own refuses it', async () => {
  const { lookup } = guardOf('none')
  const answer = await new Promise<unknown>((resolve) =>
    lookup('localhost', { all: true }, (error, addresses) => resolve(error ?? addresses)),
  )
  expect(answer).toMatchObject({ code: 'ERR_FORBIDDEN_ADDRESS' })
  const allowed = await new Promise<unknown>((resolve) =>
    guardOf('all').lookup('localhost', { all: true }, (error, addresses) => resolve(error ?? addresses)),
  )
  expect(allowed).toContainEqual({ address: '127.0.0.1', family: 4 })
})
