import type { TestProject } from 'vitest/node'
import { findTemporal, findTestServer } from '../../cli/up/parts.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Path of the Temporal CLI; null = let the SDK fetch it. */
    temporalPath: string | null
    /** Path of the time-skipping test server; null = let the SDK fetch it. */
    testServerPath: string | null
    /** URL of a PostgreSQL in which tests make their own databases. */
    postgresUrl: string
    /** host:port of a Temporal dev server with the search attributes registered, in-memory. */
    temporalAddress: string
  }
}

/** The programs that workflow tests need. */
export default async function setup(project: TestProject): Promise<void> {
  const say = (line: string): void => console.log(line)
  project.provide('temporalPath', await findTemporal(say))
  project.provide('testServerPath', await findTestServer(say))
}
