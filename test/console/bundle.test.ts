/** What a browser loads for the first page, and what the page's policy has to allow. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { buildConsole } from '../../cli/console/build.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What the console promises of its first page. */
const firstPageBytesMax = 250 * 1_024

let folder = ''
beforeAll(async () => {
  folder = (await buildConsole(root)).folder
}, 120_000)

const assets = (): string[] => readdirSync(join(folder, 'assets'))
const text = (name: string): string => readFileSync(join(folder, 'assets', name), 'utf8')

const manifest = z.record(
  z.string(),
  z.object({ file: z.string(), imports: z.array(z.string()).default([]), css: z.array(z.string()).default([]) }),
)

/** Files that a part needs at once, with what those need, and so on; without what is loaded later. */
function filesOf(parts: z.output<typeof manifest>, name: string, seen = new Set<string>()): Set<string> {
  const part = parts[name]
  if (part === undefined || seen.has(part.file)) return seen
  for (const file of [part.file, ...part.css]) seen.add(file)
  for (const other of part.imports) filesOf(parts, other, seen)
  return seen
}

test('the list of monitors with all that it needs is at most 250 KB, packed', () => {
  const parts = manifest.parse(JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')))
  const loaded = new Set(['index.html', 'pages/monitors/page.tsx'].flatMap((name) => [...filesOf(parts, name)]))
  const bytes = [...loaded].reduce((sum, name) => sum + readFileSync(join(folder, `${name}.gz`)).byteLength, 0)
  console.log(`the first page: ${Math.round(bytes / 1_024)} KB in ${loaded.size} files`)
  expect(loaded.size).toBeGreaterThan(3)
  expect(bytes).toBeLessThanOrEqual(firstPageBytesMax)
})

test('nothing is loaded from elsewhere, and no style or script stands in the document', () => {
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  expect(index).not.toMatch(/<style|style=|<script>|https?:\/\//)
  const styles = assets().filter((name) => name.endsWith('.css'))
  expect(styles.length).toBeGreaterThan(1)
  for (const name of styles) expect(text(name), name).not.toMatch(/@import|url\(/)
})

test('every file is there packed, too', () => {
  const plain = assets().filter((name) => !/\.(gz|br)$/.test(name))
  for (const name of plain) expect(assets(), name).toEqual(expect.arrayContaining([`${name}.gz`, `${name}.br`]))
})

test('what is built stands already when it is asked for again', async () => {
  expect(await buildConsole(root)).toEqual({ folder, fresh: false })
})
