import { z } from 'zod'
import { fillText, namesInPayload, wrongPayload } from '../core/message/payload.ts'
import { isBuiltInVariable } from '../core/message/payload-values.ts'

/** Handles stand in texts: a short name without punctuation can't be misread there, and fits a header. */
const nameCharactersMax = 100
/** What proxies and servers take as a request line. */
const urlCharactersMax = 2_048
/** Enough for a few tokens; servers refuse more than some 16 KB of headers. */
const headersCharactersMax = 8_192
const headersMax = 20
/** Of Standard Webhooks: shorter ones can be guessed, longer ones are no stronger. */
const secretBytesMin = 24
const secretBytesMax = 64

export const webhookName = z
  .string()
  .max(nameCharactersMax)
  .regex(/^[A-Za-z0-9_-]+$/, 'expected letters, digits, - and _ only')

export const webhookUrl = z
  .string()
  .max(urlCharactersMax)
  .superRefine((text, context) => {
    const wrong = wrongUrl(text)
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong })
  })

/** A JSON object in a text, as Datadog's clients send it. */
export const customHeaders = z
  .string('expected a text that holds a JSON object')
  .max(headersCharactersMax)
  .superRefine((text, context) => {
    const parsed = parseCustomHeaders(text)
    if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.reason })
  })

/** As Datadog's pages for payloads are: some screens. */
const payloadCharactersMax = 32_768

/** A template in JSON with variables. */
export const webhookPayload = z
  .string('expected a text that holds JSON')
  .max(payloadCharactersMax)
  .superRefine((text, context) => {
    const wrong = wrongPayload(text)
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong })
  })

/** As Standard Webhooks has it. */
export const webhookSecret = z.string().refine((text) => {
  const [, base64] = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text) ?? []
  const bytes = Math.floor(((base64 ?? '').replace(/=+$/, '').length * 3) / 4)
  return bytes >= secretBytesMin && bytes <= secretBytesMax
}, `expected whsec_ and ${secretBytesMin} to ${secretBytesMax} bytes in base64`)

/** The headers in a text: names in lower case. Empty for a blank text. */
export function parseCustomHeaders(text: string): { ok: true; headers: Record<string, string> } | { ok: false; reason: string } {
  if (text.trim() === '') return { ok: true, headers: {} }
  const json = headersJson.safeParse(text)
  if (!json.success) return { ok: false, reason: 'expected a JSON object of header names and texts, as {"Authorization": "Bearer …"}' }
  const entries = Object.entries(json.data)
  if (entries.length > headersMax) return { ok: false, reason: `expected at most ${headersMax} headers` }
  const wrong = entries.map(([name, value]) => wrongHeader(name, value)).find((reason) => reason !== null)
  if (wrong !== undefined) return { ok: false, reason: wrong }
  return { ok: true, headers: Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value])) }
}

const headersJson = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.record(z.string(), z.string()))

/** Written by the sender, or about the connection: a receiver couldn't rely on them any more. */
const reservedHeaders = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'expect',
  'upgrade',
  'te',
  'trailer',
  'keep-alive',
])

function wrongHeader(name: string, value: string): string | null {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return `${JSON.stringify(name)} is not the name of a header`
  if (reservedHeaders.has(name.toLowerCase()) || name.toLowerCase().startsWith('webhook-')) return `the header ${name} is set by the sender`
  return /^[\t\x20-\x7e]*$/.test(value) ? null : `the value of the header ${name} has characters that a header can't carry`
}

/** Variables stand for something; those about a message never for who is called, and a variable of one's own may be all of it. */
function wrongUrl(written: string): string | null {
  const [, place = written] = /^([a-z]+:\/\/[^/?#]*)/i.exec(written) ?? []
  const about = namesInPayload(place).find(isBuiltInVariable)
  if (about !== undefined) return `$${about} is about a message: it can stand behind the host only`
  if (/^\$[A-Z]/.test(written)) return null
  const text = fillText(
    written,
    () => '',
    () => 'x',
  )
  const url = URL.parse(text)
  if (url === null) return 'expected an address, as https://example.com/hook'
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'expected an address with http or https'
  return url.username === '' && url.password === '' ? null : 'a user and a password belong into custom_headers (Authorization)'
}
