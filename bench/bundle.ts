import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflows } from '../workers/bundle.ts'

/** The production workflows with what they are measured against beside them. */
export const loopWorkflows = fileURLToPath(new URL('./loop/workflows.ts', import.meta.url))

/** Workflows bundled once, in a file that worker processes read, for as long as `measure` takes. `entry`: others than those of production. */
export async function withBundle<Result>(measure: (codePath: string) => Promise<Result>, entry?: string): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  try {
    const codePath = join(folder, 'workflows.js')
    await writeFile(codePath, (await bundleWorkflows([], entry)).code)
    return await measure(codePath)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
