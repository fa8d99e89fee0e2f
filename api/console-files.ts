/**
 * The built console as the API holds it: each file once, as it is and as it was packed by the build. Read at the start, never again.
 * Read next: console.ts, cli/console/build.ts.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

export type ConsoleFile = Readonly<{ type: string; plain: Buffer; gzip: Buffer | null; brotli: Buffer | null }>

/** By address. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Rejects where the folder holds no index.html: a console that is configured is there. */
export async function readConsole(folder: string): Promise<ConsoleFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = async (path: string): Promise<Buffer | null> => (files.includes(path) ? readFile(path) : null)
  const found = new Map<string, ConsoleFile>()
  for (const path of files) {
    const type = types[path.slice(path.lastIndexOf('.') + 1)]
    if (type === undefined) continue
    const [plain, gzip, brotli] = [await readFile(path), await read(`${path}.gz`), await read(`${path}.br`)]
    found.set(`/${relative(folder, path).replaceAll(sep, '/')}`, { type, plain, gzip, brotli })
  }
  if (!found.has('/index.html')) throw new Error(`${folder} holds no console: build it with \`npm run console\``)
  return found
}
