import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { expect, test } from 'vitest'
import { generateParsers } from '../../../cli/generate.ts'

test('the checked-in parsers are what the grammars generate', async () => {
  for (const file of await generateParsers()) {
    const differs = (await readFile(file.path, 'utf8')) !== file.text
    expect(differs, `${relative(process.cwd(), file.path)} is out of date: npm run generate`).toBe(false)
  }
})
