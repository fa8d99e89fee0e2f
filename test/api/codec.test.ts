import { zstdCompressSync } from 'node:zlib'
import { defaultPayloadConverter } from '@temporalio/common'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodePayload } from '../../adapters/temporal/codec.ts'
import { codecDecodedBytesMax } from '../../contract/codec.ts'
import { type Api, type Json, startApi } from './harness.ts'

const ui = 'http://127.0.0.1:8233'
let api: Api
beforeAll(async () => {
  api = await startApi({ temporalUi: ui })
})
afterAll(() => api.close())

const base64 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64')
const text = (value: string): string => Buffer.from(value, 'base64').toString()
const zstd = (data: Uint8Array): Json => ({ metadata: { encoding: base64(Buffer.from('binary/zstd')) }, data: base64(data) })
const large = { groups: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`host:web-${n}`, 'OK'])) }

function encoded(value: unknown): Json {
  const { metadata, data } = encodePayload(defaultPayloadConverter.toPayload(value) ?? {})
  return { metadata: { encoding: base64(metadata?.encoding) }, data: base64(data) }
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) => api.send('POST', path, body, headers)

test('compressed payloads become readable, without a key and whatever the query string says', async () => {
  const payloads = [encoded(large), encoded('small'), encoded(null)]
  expect(text(payloads[0].metadata.encoding)).toBe('binary/zstd')
  const { status, body } = await post('/codec/decode?namespace=default', { payloads })
  expect(status).toBe(200)
  expect(body.payloads).toHaveLength(3)
  expect(text(body.payloads[0].metadata.encoding)).toBe('json/plain')
  expect(JSON.parse(text(body.payloads[0].data))).toEqual(large)
  expect(body.payloads.slice(1)).toEqual(payloads.slice(1))
})

test('what is encoded here is what workers decode', async () => {
  const payload = { metadata: { encoding: base64(Buffer.from('json/plain')) }, data: base64(Buffer.from(JSON.stringify(large))) }
  const { body } = await post('/codec/encode', { payloads: [payload] })
  expect(body.payloads).toEqual([encoded(large)])
  expect((await post('/codec/decode', body)).body).toEqual({ payloads: [payload] })
})

test.each([
  ['no object', '[]'],
  ['no JSON', '{'],
  ['nothing', undefined],
  ['no payloads', {}],
  ['payloads that are none', { payloads: [1] }],
  ['data that isn’t Base64', { payloads: [{ data: 'ä' }] }],
  ['metadata that isn’t Base64', { payloads: [{ metadata: { encoding: '?' } }] }],
  ['zstd that is none', { payloads: [zstd(Buffer.from('no'))] }],
  ['a bomb', { payloads: [zstd(zstdCompressSync(Buffer.alloc(codecDecodedBytesMax + 1)))] }],
  ['a bomb in parts', { payloads: [bombPart(), bombPart()] }],
])('%s is refused with a sentence', async (_what, body) => {
  for (const path of body !== undefined && JSON.stringify(body).includes('payloads')
    ? ['/codec/decode']
    : ['/codec/decode', '/codec/encode']) {
    const answer = await post(path, body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors[0]).toMatch(/\w/)
  }
})

/** Each is allowed, both together aren't. */
function bombPart(): Json {
  const data = Buffer.alloc(codecDecodedBytesMax * 0.7)
  // Field 2 of the message, with its length: a payload whose data are zeros.
  const head = Buffer.from([0x12, ...varint(data.length)])
  return zstd(zstdCompressSync(Buffer.concat([head, data])))
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}

test('the largest message of Temporal is taken, a larger body is refused by its size', async () => {
  const payload = { metadata: {}, data: base64(Buffer.alloc(4 * 1_024 * 1_024)) }
  expect((await post('/codec/decode', { payloads: [payload] })).status).toBe(200)
  const answer = await post('/codec/decode', { payloads: [payload, payload] })
  expect(answer.status).toBe(413)
  expect(answer.body.errors[0]).toContain('6291456')
})

describe('web pages', () => {
  test.each([
    [ui, true],
    ['http://localhost:8233', true],
    ['http://127.0.0.1:8234', false],
    ['http://evil.example:8233', false],
    ['https://127.0.0.1:8233', false],
    ['null', false],
  ])('of %s may read the answer: %s', async (origin, may) => {
    for (const method of ['OPTIONS', 'POST']) {
      const body = method === 'POST' ? { payloads: [] } : undefined
      const { status, headers } = await api.send(method, '/codec/decode', body, { origin })
      expect(status).toBe(method === 'POST' ? 200 : 204)
      expect(headers.get('access-control-allow-origin')).toBe(may ? origin : null)
      expect(headers.get('access-control-allow-credentials')).toBe(may ? 'true' : null)
      expect(headers.get('vary')).toContain('Origin')
    }
  })

  test('may send what the Temporal Web UI sends', async () => {
    const { headers } = await api.send('OPTIONS', '/codec/decode', undefined, {
      origin: ui,
      'access-control-request-headers': 'x-namespace',
    })
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-namespace')
    expect(headers.get('access-control-allow-methods')).toContain('POST')
  })
})
