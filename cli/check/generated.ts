import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { generateParsers } from '../generate.ts'
import { type CheckResult, found, root } from './result.ts'

/** Whether the checked-in parsers are what their grammars make. */
export async function checkGenerated(): Promise<CheckResult> {
  const files = await generateParsers()
  const stale: string[] = []
  for (const { path, text } of files) {
    const stored = await readFile(path, 'utf8').catch(() => null)
    if (stored !== text) stale.push(`${relative(root, path)} is not what its grammar makes: run \`npm run generate\``)
  }
  return found(stale, `${files.length} files`)
}
