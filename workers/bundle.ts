import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker'

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))

/** The workflows' code, made once per process and shared by its Workers. `interceptors`: tracing's modules, where it is on. */
export async function bundleWorkflows(interceptors: string[] = []): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: interceptors,
    // A line per bundled file says nothing to anybody; what fails rejects.
    logger: new DefaultLogger('ERROR', () => {}),
  })
}
