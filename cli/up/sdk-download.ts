import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Path of the Temporal CLI that the TypeScript SDK fetches for its own tests, kept in `folder`; needs plain internet.
 * Rejects with the SDK's reason. The SDK can't be asked to fetch only, so the server runs for a moment.
 */
export async function downloadTemporal(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const known = findProgram(folder)
  if (known !== null) return known
  const { TestWorkflowEnvironment } = await import('@temporalio/testing')
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder } },
  })
  await environment.teardown()
  const path = findProgram(folder)
  if (path === null) throw new Error(`the SDK left no program in ${folder}`)
  return path
}

/** The folder is for this alone, so whatever program lies there is it. */
function findProgram(folder: string): string | null {
  const paths = readdirSync(folder).map((name) => join(folder, name))
  return paths.find((path) => statSync(path).isFile() && mayRun(path)) ?? null
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
