/**
 * `npm run generate`: makes the parsers of core/query out of their grammars. What it writes is checked in, so that
 * nothing is generated at run time; a test makes it anew and compares.
 * Read next: core/query/metric.peggy.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import peggy from 'peggy'

export type GeneratedFile = Readonly<{ path: string; text: string }>

const folder = new URL('../core/query/', import.meta.url)

/** Each language: its grammar (with the shared tokens) and the type of core/query/syntax.ts that its parser answers. */
const languages = [
  { name: 'metric', answer: 'MetricSyntax' },
  { name: 'http', answer: 'HttpSyntax' },
  { name: 'scope', answer: 'Scope' },
] as const

/** All generated files as they should be. Rejects with Peggy's own error, which names file and line. */
export async function generateParsers(): Promise<GeneratedFile[]> {
  const tokens = await readGrammar('tokens')
  const files = await Promise.all(languages.map(async ({ name, answer }) => generate(name, answer, [await readGrammar(name), tokens])))
  return files.flat()
}

type Grammar = Readonly<{ source: string; text: string }>

function generate(name: string, answer: string, grammars: Grammar[]): GeneratedFile[] {
  const parser = peggy.generate(grammars, { output: 'source', format: 'es' })
  const notice = `Generated from ${name}.peggy and tokens.peggy by \`npm run generate\`: change those instead.`
  const types = `// ${notice}
import type { ${answer}, GrammarError } from './syntax.ts'

export declare const SyntaxError: { new (...args: never): GrammarError; readonly prototype: GrammarError }
/** Throws SyntaxError. */
export declare function parse(input: string): ${answer}
`
  return [
    { path: fileURLToPath(new URL(`${name}.generated.js`, folder)), text: `// ${notice}\n${parser}` },
    { path: fileURLToPath(new URL(`${name}.generated.d.ts`, folder)), text: types },
  ]
}

async function readGrammar(name: string): Promise<Grammar> {
  return { source: `${name}.peggy`, text: await readFile(new URL(`${name}.peggy`, folder), 'utf8') }
}

if (import.meta.main) {
  for (const file of await generateParsers()) await writeFile(file.path, file.text)
}
