/** Which errors mean that PostgreSQL can't answer now, rather than that it refused: callers retry those later. */
import type { Pool } from './pool.ts'

/** Error codes of Node's sockets, and SQLSTATE classes and codes of PostgreSQL. */
const socketCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])
/** 08 connection, 53 out of resources, 57 shut down, starting up, cancelled or timed out, 40 serialization, 55P03 lock not available, 55000 closed to
 * connections, 3D000 not created yet, 25006 read-only standby. */
const stateClasses = /^(08|53|57|40|55P03|55000|3D000|25006)/
/** 08 connection, 57P shutting down, crashed, starting up, 53300 no connection left, 55000 and 3D000 closed to connections. */
const awayStates = /^(08|57P|53300|55000|3D000)/
/** Errors of the driver and its pool that have no code. */
const driverTexts =
  /timeout exceeded when trying to connect|connection terminated|client has encountered a connection error|not queryable|after calling end on the pool|query read timeout/i

export function isOutage(error: unknown): boolean {
  const { code, message } = partsOf(error)
  if (code !== null) return socketCodes.has(code) || stateClasses.test(code)
  return driverTexts.test(message)
}

/** Nobody answers at all: no connection, or one that broke. Other than isOutage(), not what a server that is there says of a statement. */
export function isAway(error: unknown): boolean {
  const { code, message } = partsOf(error)
  if (code !== null) return socketCodes.has(code) || awayStates.test(code)
  return driverTexts.test(message)
}

/** A question that takes no time takes longer only where nobody answers, or all connections are taken. */
const answerMs = 1_000

export async function isAnswering(pool: Pool): Promise<boolean> {
  const question = { text: 'select 1', query_timeout: answerMs }
  return pool.query(question).then(
    () => true,
    () => false,
  )
}

/** PostgreSQL's class 22: the value itself can't be stored (out of range, bad text). */
export function isRefusedValue(error: unknown): boolean {
  return partsOf(error).code?.startsWith('22') ?? false
}

function partsOf(error: unknown): { code: string | null; message: string } {
  if (!(error instanceof Error)) return { code: null, message: '' }
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : null, message: error.message }
}
