/**
 * Runs inside the workflow sandbox, after Temporal's own tracing interceptors: a run that continues as new starts a trace of
 * its own. A monitor lives for years; its trace would never end. Read next: temporal.ts.
 */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow'

/** As Temporal's interceptors name it. */
const traceHeader = '_tracer-data'

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      continueAsNew: (input, next) => {
        const { [traceHeader]: _, ...headers } = input.headers
        return next({ ...input, headers })
      },
    },
  ],
})
