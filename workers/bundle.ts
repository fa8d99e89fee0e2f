import { fileURLToPath } from 'node:url'
import { type BundleOptions, bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker'

const allWorkflows = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))

/** The workflows' code, made once per process and shared by its Workers. `interceptors`: tracing's modules, where it is on. */
export async function bundleWorkflows(interceptors: string[] = [], workflowsPath = allWorkflows): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: interceptors,
    webpackConfigHook: asWritten,
    // A line per bundled file says nothing to anybody; what fails rejects.
    logger: new DefaultLogger('ERROR', () => {}),
  })
}

/**
 * Types are taken out and nothing else: Node runs the rest as it is. The SDK's own target of 2017 would turn each spread of an object
 * into a call for each of its keys, and states have 10,000.
 */
const asWritten: NonNullable<BundleOptions['webpackConfigHook']> = (config) => {
  const rules = config.module?.rules ?? []
  const options = { sourceMap: true, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }
  return {
    ...config,
    module: {
      ...config.module,
      rules: rules.map((rule) => {
        const isOurs = typeof rule === 'object' && rule !== null && rule.test instanceof RegExp && rule.test.test('monitor.ts')
        if (!isOurs || typeof rule.use !== 'object' || rule.use === null || Array.isArray(rule.use)) return rule
        return { ...rule, use: { ...rule.use, options } }
      }),
    },
  }
}
