/**
 * Logs as events: `log.info({ monitorId }, 'monitor-started')`, one JSON object a line. Fields carry the facts, the event is a
 * constant name, never a sentence with values in it. Secrets are removed by the names of their fields.
 * Read next: telemetry.ts.
 */
import { trace } from '@opentelemetry/api'
import { type DestinationStream, pino } from 'pino'

export type Fields = Readonly<Record<string, unknown>>

/** What code that logs asks for: every level takes fields and the name of an event. */
export type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (fields: Fields, event: string) => void>> & {
  /** A log that adds fields to every event. */
  with: (fields: Fields) => Log
}

export type LogOptions = Readonly<{
  service: string
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** Default: standard output. */
  destination?: DestinationStream
}>

export function createLog(options: LogOptions): Log {
  const settings = {
    level: options.level,
    base: { service: options.service },
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretPaths, censor: '[redacted]' },
    serializers: { error: errorFields, reason: reasonText },
    mixin: traceFields,
  }
  return wrap(options.destination === undefined ? pino(settings) : pino(settings, options.destination))
}

/** A URL for the eyes of people: without user and password. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//')
}

const secretNames = [
  'apiKey',
  'appKey',
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  '["dd-api-key"]',
  '["dd-application-key"]',
  '["webhook-signature"]',
]
/** Fields of an event, and of an object in it (headers, a receiver's config); what is deeper has no business in a log. */
const secretPaths = secretNames.flatMap((name) => [name, `*${name.startsWith('[') ? '' : '.'}${name}`])

function wrap(logger: pino.Logger): Log {
  return {
    debug: (fields, event) => logger.debug(fields, event),
    info: (fields, event) => logger.info(fields, event),
    warn: (fields, event) => logger.warn(fields, event),
    error: (fields, event) => logger.error(fields, event),
    with: (fields) => wrap(logger.child(fields)),
  }
}

function traceFields(): object {
  const spanContext = trace.getActiveSpan()?.spanContext()
  return spanContext === undefined ? {} : { traceId: spanContext.traceId, spanId: spanContext.spanId }
}

function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return reasonText(error)
  const cause = error.cause === undefined ? {} : { cause: errorFields(error.cause) }
  return { name: error.name, message: withoutCredentials(error.message), stack: withoutCredentials(error.stack ?? ''), ...cause }
}

function reasonText(reason: unknown): string {
  return withoutCredentials(reason instanceof Error ? reason.message : String(reason))
}
