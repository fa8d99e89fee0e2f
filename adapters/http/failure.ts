/** Why an HTTP request brought no answer, as a stable code and a sentence. Read next: fetch.ts. */

export type HttpHeaders = Readonly<Record<string, string>>

/**
 * timeout: no whole answer in time · unreachable: no connection, no name, connection lost · refused: the request itself
 * can't be sent (bad address, TLS not trusted) · forbidden: an address that may not be called (guard.ts) · bad-reply: what came back is not HTTP.
 */
export type HttpFailureCode = 'timeout' | 'unreachable' | 'refused' | 'forbidden' | 'bad-reply'

const timeoutCodes = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])
const refusedCodes = new Set(['ERR_INVALID_URL', 'UND_ERR_INVALID_ARG'])

/** Total: an error nobody has heard of counts as unreachable. */
export function failureOf(error: unknown, aborted: boolean, timeoutMs: number): { code: HttpFailureCode; reason: string } {
  const code = codeOf(error)
  if (aborted || timeoutCodes.has(code)) return { code: 'timeout', reason: `no answer within ${timeoutMs} ms` }
  if (code === 'ERR_FORBIDDEN_ADDRESS') return { code: 'forbidden', reason: messageOf(error) }
  const reason = `${code === '' ? '' : `${code}: `}${messageOf(error)}`
  if (refusedCodes.has(code) || isTlsError(code)) return { code: 'refused', reason }
  return { code: isParserError(error, code) ? 'bad-reply' : 'unreachable', reason }
}

/** undici's HTTPParserError carries a code for some mistakes of the other side and none for others. */
function isParserError(error: unknown, code: string): boolean {
  const byName = error instanceof Error && error.name === 'HTTPParserError'
  return byName || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
}

function isTlsError(code: string): boolean {
  return code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_') || code.includes('CERT') || code.includes('SELF_SIGNED')
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return codeOf(error.cause)
}

function messageOf(error: unknown): string {
  // An AggregateError (several addresses tried) has an empty message of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
