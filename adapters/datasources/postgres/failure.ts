import { SourceError, type SourceFailureCode } from '../../../activities/ports.ts'

/** What PostgreSQL, its driver or the network said, as a failure of the source. Total. */
export function sourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error
  const message = error instanceof Error ? error.message : String(error)
  const state = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (state === '25006')
    return new SourceError('bad-query', `PostgreSQL: ${message}: a statement of an alert may only read`, { cause: error })
  const { code, hint } = meaningOf(state, message)
  return new SourceError(code, `PostgreSQL: ${message}${hint}`, { cause: error })
}

function meaningOf(state: string, message: string): Readonly<{ code: SourceFailureCode; hint: string }> {
  if (state === '57014' || /timeout expired|read timeout/i.test(message)) return { code: 'timeout', hint: '' }
  if (state === 'ERR_FORBIDDEN_ADDRESS') return { code: 'refused', hint: '' }
  if (message.startsWith('the answer is larger')) return { code: 'bad-query', hint: '' }
  if (/CERT|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(state)) return { code: 'refused', hint: ' (config.ssl, config.ca)' }
  // Sockets and the driver itself speak otherwise than in five characters.
  if (!/^[0-9A-Z]{5}$/.test(state)) return { code: 'unreachable', hint: '' }
  if (/^(28|3D|53)/.test(state)) return { code: 'refused', hint: '' }
  if (/^(08|57)/.test(state)) return { code: 'unreachable', hint: '' }
  if (/^(40|55|58|XX)/.test(state)) return { code: 'bad-reply', hint: '' }
  // Syntax, names, rights, values: the statement is to be mended, or what the role may do.
  return { code: 'bad-query', hint: '' }
}
