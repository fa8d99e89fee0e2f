import { DefaultLogger, type LogEntry, type LogLevel, makeTelemetryFilterString, Runtime } from '@temporalio/worker'
import type { Log } from '../telemetry/log.ts'

/**
 * Sends the SDK's own logs, those of workflows and activities included, where all logs go. Must come before anything connects,
 * once per process. Signals are left alone: main.ts decides what ends when.
 */
export function installSdk(log: Log): void {
  const sdkLog = log.with({ source: 'temporal' })
  Runtime.install({
    logger: new DefaultLogger('INFO', (entry) => write(sdkLog, entry)),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} } },
    shutdownSignals: [],
  })
}

const levels: Readonly<Record<LogLevel, 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
}

/** The SDK's messages are sentences; ours, from activities and workflows, are names of events already. */
function write(log: Log, { level, message, meta }: LogEntry): void {
  log[levels[level]](meta ?? {}, message)
}
