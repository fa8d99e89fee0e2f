/**
 * Builds the console once for what it is made of: `.tocsin/console/<hash>`, whole or not at all. Other builds beside it are dropped.
 * Never builds what is there already. Read next: console/vite.config.ts, api/console-files.ts.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'

export type Built = Readonly<{ folder: string; fresh: boolean }>

/** `root`: the checkout. Rejects with what the build says. */
export async function buildConsole(root: string): Promise<Built> {
  const parent = join(root, '.tocsin', 'console')
  const hash = await hashOfSources(root)
  const folder = join(parent, hash)
  if (existsSync(folder)) return { folder, fresh: false }
  await buildInto(root, folder)
  const others = (await readdir(parent)).filter((name) => name !== hash)
  await Promise.all(others.map((name) => rm(join(parent, name), { recursive: true, force: true })))
  return { folder, fresh: true }
}

/** Into a folder that isn't there yet. */
export async function buildInto(root: string, folder: string): Promise<void> {
  const beside = `${folder}.${process.pid}`
  await mkdir(dirname(folder), { recursive: true })
  // A process of its own, in which everything is for production, whoever asks.
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', join(root, 'console'), '--logLevel', 'warn', '--outDir', beside, '--emptyOutDir']
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { NODE_ENV: 'production' } })
  await packAll(beside)
  // Another process may have come first with the same.
  await rename(beside, folder).catch(() => rm(beside, { recursive: true, force: true }))
}

/** What ends up in the pages, and what makes them. */
const sources = ['console/**/*', 'core/**/*.{ts,js}', 'contract/**/*.ts', 'cli/import/**/*.ts', 'cli/console/build.ts', 'package-lock.json']
const hashChars = 16

async function hashOfSources(root: string): Promise<string> {
  const paths: string[] = []
  for await (const entry of glob(sources, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) paths.push(join(entry.parentPath, entry.name))
  }
  const hash = createHash('sha256')
  for (const path of paths.sort()) {
    hash
      .update(path.slice(root.length))
      .update('\0')
      .update(await readFile(path))
      .update('\0')
  }
  return hash.digest('hex').slice(0, hashChars)
}

/** As small as it gets, once: each reader gains. */
async function packAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  await Promise.all(
    files.map(async (path) => {
      const plain = await readFile(path)
      await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }))
      await writeFile(`${path}.br`, await promisify(brotliCompress)(plain, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } }))
    }),
  )
}
