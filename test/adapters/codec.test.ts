import { zstdCompressSync } from 'node:zlib'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodedBytesMax, decodePayload, encodePayload, payloadCodec, UndecodablePayload } from '../../adapters/temporal/codec.ts'

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) ?? {}
const encodingOf = ({ metadata }: Payload): string => Buffer.from(metadata?.encoding ?? []).toString()
const zstd = (data: Uint8Array): Payload => ({ metadata: { encoding: Buffer.from('binary/zstd') }, data })
const groups = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`host:web-${n}`, { status: 'OK', value: n }]))

test('what is encoded comes back as it was, with its metadata', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 3 }), fc.nat({ max: 400 }), async (json, times) => {
      const payloads = [payloadOf({ json, padding: json.repeat(times) }), payloadOf(null)]
      const decoded = await payloadCodec.decode(await payloadCodec.encode(payloads))
      expect(decoded.map(({ data }) => Buffer.from(data ?? []))).toEqual(payloads.map(({ data }) => Buffer.from(data ?? [])))
      expect(decoded.map(encodingOf)).toEqual(payloads.map(encodingOf))
    }),
  )
})

test('a small payload goes as it is, a large one a tenth as large', () => {
  const small = payloadOf({ now: 1_767_225_600_000, observations: [] })
  expect(encodePayload(small)).toBe(small)
  const large = payloadOf(groups(1_000))
  const encoded = encodePayload(large)
  expect(encodingOf(encoded)).toBe('binary/zstd')
  expect(encoded.data?.length).toBeLessThan((large.data?.length ?? 0) / 4)
})

test('what compresses badly goes as it is, and what is encoded isn’t encoded again', () => {
  const random: Payload = { metadata: { encoding: Buffer.from('binary/plain') }, data: crypto.getRandomValues(new Uint8Array(4_096)) }
  expect(encodePayload(random)).toBe(random)
  const encoded = encodePayload(payloadOf(groups(1_000)))
  expect(encodePayload(encoded)).toBe(encoded)
})

test('payloads of other encodings pass through: older histories, other tools', () => {
  for (const payload of [payloadOf(groups(1_000)), payloadOf(undefined), {}, { metadata: {}, data: new Uint8Array(2_000) }]) {
    expect(decodePayload(payload)).toBe(payload)
  }
})

test.each([
  ['nothing', new Uint8Array()],
  ['no zstd', Buffer.from('certainly not zstd')],
  ['cut off', zstdCompressSync(Buffer.alloc(10_000, 'abc')).subarray(0, 20)],
  ['zstd, but no payload', zstdCompressSync(Buffer.alloc(100, 0xff))],
])('what says it is ours and isn’t is an error that says so: %s', (_what, data) => {
  expect(() => decodePayload(zstd(data))).toThrow(UndecodablePayload)
})

test('a few bytes that would become very many aren’t unpacked', () => {
  const bomb = zstd(zstdCompressSync(Buffer.alloc(decodedBytesMax + 1)))
  expect(bomb.data?.length).toBeLessThan(10_000)
  expect(() => decodePayload(bomb)).toThrow(`more than ${decodedBytesMax} bytes`)
})
