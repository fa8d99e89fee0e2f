import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry'
import type { Tracing } from './telemetry.ts'

/**
 * What makes a client and its workers carry the trace from a start or a signal through workflow and activities.
 * Nothing where tracing is off: the workflow bundle then holds no tracing at all.
 */
export function tracingPlugins(tracing: Tracing | null): OpenTelemetryPlugin[] {
  return tracing === null ? [] : [new OpenTelemetryPlugin(tracing)]
}

/** Workflow interceptor modules to bundle; in the order in which they wrap. */
export function tracingWorkflowModules(tracing: Tracing | null): string[] {
  if (tracing === null) return []
  return [
    createRequire(import.meta.url).resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors'),
    fileURLToPath(new URL('./workflow-interceptors.ts', import.meta.url)),
  ]
}
