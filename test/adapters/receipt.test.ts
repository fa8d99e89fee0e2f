import { expect, test } from 'vitest'
import type { HttpReply } from '../../adapters/http/fetch.ts'
import { answerOf, receiptOf, redacted, secretsOfUrl } from '../../adapters/notifiers/receipt.ts'

const reply = (status: number, body = '', headers: Readonly<Record<string, string>> = {}): HttpReply => ({
  kind: 'response',
  status,
  headers,
  body,
  bodyTruncated: false,
  durationMs: 1,
})

test.each([
  ['https://hooks.example.com/services/T0000000/B0000000/abcdefghijklmnop', 'no abcdefghijklmnop here', 'no [redacted] here'],
  ['https://hooks.example.com/services/T0000000/B0000000/abcdefghijklmnop', 'services are down', 'services are down'],
  [
    'https://hooks.example.com/services/T0000000/B0000000/abcdefghijklmnop',
    'POST /services/T0000000/B0000000/abcdefghijklmnop: no',
    'POST [redacted]: no',
  ],
  ['https://flow.example.com/workflows/x?sp=run&sig=a%2Fbcdefghijklmno', 'sig=a%2Fbcdefghijklmno', 'sig=[redacted]'],
  ['https://flow.example.com/workflows/x?sp=run&sig=a%2Fbcdefghijklmno', 'the signature a/bcdefghijklmno', 'the signature [redacted]'],
  ['no address at all', 'no address at all!', '[redacted]!'],
])('of %s, %j is told as %j', (url, text, told) => {
  expect(redacted(text, secretsOfUrl(url))).toBe(told)
})

test('an answer is redacted before it is cut, so that no beginning of a secret is left', () => {
  const secret = 's'.repeat(64)
  const receipt = receiptOf(reply(400, `${'x'.repeat(280)}${secret}`), { nowMs: 0, secrets: [secret] })
  expect(JSON.stringify(receipt)).not.toContain('sss')
})

test('what went wrong on the way is redacted, too', () => {
  const failed: HttpReply = { kind: 'failed', code: 'refused', reason: 'Invalid URL https://x/0123456789abcdef', durationMs: 1 }
  expect(receiptOf(failed, { nowMs: 0, secrets: ['0123456789abcdef'] })).toEqual({
    kind: 'retry',
    reason: 'refused: Invalid URL https://x/[redacted]',
    afterMs: null,
  })
})

test('what a vendor says itself goes before the header', () => {
  const read = () => ({ reason: 'too fast', afterMs: 1_500 })
  expect(receiptOf(reply(429, '{}', { 'retry-after': '9' }), { nowMs: 0, read })).toEqual({
    kind: 'retry',
    reason: 'HTTP 429: too fast',
    afterMs: 1_500,
  })
})

test('an answer that is no JSON is none', () => {
  expect(answerOf('<html>', { safeParse: (data) => ({ success: true, data }) })).toBeNull()
})
