import { SourceError, type SourceFailureCode } from '../../../activities/ports.ts'
import { StoreAwayError } from '../../../activities/store-ports.ts'
import { isAnswering, isAway } from '../../postgres/outage.ts'
import type { Pool, ResultRow } from '../../postgres/pool.ts'
import type { Statement } from './statement.ts'

/** Runs one statement. Rejects with SourceError only: with StoreAwayError where it isn't the statement, but PostgreSQL itself that doesn't answer. */
export async function ask<Row extends ResultRow>(pool: Pool, statement: Statement, timeoutMs: number): Promise<readonly Row[]> {
  // The driver gives up the connection at this time; the server ends the statement at the pool's statement_timeout.
  const timed = { ...statement, query_timeout: timeoutMs }
  try {
    return (await pool.query<Row>(timed)).rows
  } catch (error) {
    const failure = sourceError(error)
    // A slow statement and a network that went silent look alike.
    if (failure.code === 'timeout' && !(await isAnswering(pool))) throw new StoreAwayError(failure.message, { cause: error })
    throw failure
  }
}

/** An error of PostgreSQL or its driver as one of a source. */
export function sourceError(error: unknown): SourceError {
  const message = error instanceof Error ? error.message : String(error)
  if (isAway(error) && codeOf(error, message) === 'unreachable') return new StoreAwayError(`PostgreSQL: ${message}`, { cause: error })
  return new SourceError(codeOf(error, message), `PostgreSQL: ${message}`, { cause: error })
}

function codeOf(error: unknown, message: string): SourceFailureCode {
  const state = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  // 57014: statement_timeout. The driver's own time-out has no code.
  if (state === '57014' || message.toLowerCase().includes('query read timeout')) return 'timeout'
  if (state.startsWith('53') || state.startsWith('28')) return 'refused'
  // What PostgreSQL itself says about the statement has five characters; sockets and the pool speak otherwise.
  return /^[0-9A-Z]{5}$/.test(state) && !/^(08|57)/.test(state) ? 'bad-reply' : 'unreachable'
}
