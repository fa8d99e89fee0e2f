import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { inject } from 'vitest'
import { dataConverter } from '../../adapters/temporal/codec.ts'
import { addSearchAttributes } from './namespace.ts'
import { until } from './until.ts'

/** The `executable` option of a test server, or nothing, so that the SDK brings its own. */
export function executableOf(path: string | null): { executable?: { type: 'existing-path'; path: string } } {
  return path === null ? {} : { executable: { type: 'existing-path', path } }
}

/** Keeps the SDK's own chatter out of test output; what goes wrong is still printed. Once per process, before all else. */
export function quietRuntime(): void {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } } })
}

/** A server on which time passes as fast as workflows wait. It knows no visibility lists. */
export async function timeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  if (process.env.DEBUG_SDK === undefined) quietRuntime()
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: executableOf(inject('testServerPath')),
    client: { dataConverter },
  })
  await until('the search attributes', () => addSearchAttributes(environment.connection, 'default'))
  return environment
}
