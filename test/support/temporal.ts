import { TestWorkflowEnvironment } from '@temporalio/testing'
import { inject } from 'vitest'

/** The `executable` option of a test server, or nothing, so that the SDK brings its own. */
export function executableOf(path: string | null): { executable?: { type: 'existing-path'; path: string } } {
  return path === null ? {} : { executable: { type: 'existing-path', path } }
}

/** A server on which time passes as fast as workflows wait. It knows no visibility lists. */
export async function timeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  return TestWorkflowEnvironment.createTimeSkipping({ server: executableOf(inject('testServerPath')) })
}
