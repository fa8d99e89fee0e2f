import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './result.ts'

export type SourceFile = Readonly<{ path: string; source: string }>

/** Files below the root by patterns, sorted by path. Rejects when there are fewer than `atLeast`: a check of nothing proves nothing. */
export async function readSources(patterns: readonly string[], atLeast: number): Promise<SourceFile[]> {
  const paths: string[] = []
  for await (const path of glob([...patterns], { cwd: root, exclude: ['node_modules/**', '.tocsin/**'] })) paths.push(path)
  if (paths.length < atLeast) throw new Error(`only ${paths.length} files match ${patterns.join(' ')}: is this the right folder?`)
  return Promise.all(paths.sort().map(async (path) => ({ path, source: await readFile(join(root, path), 'utf8') })))
}
