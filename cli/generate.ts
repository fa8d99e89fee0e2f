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

/** A language: its grammar (with the shared tokens, and those that it names) and the type that its parser answers, with the file that has it. */
type Language = Readonly<{
  name: string
  answer: string
  from: string
  with?: readonly string[]
  /** A rule that may be parsed beside the first one, and its answer. */
  part?: Readonly<{ first: string; rule: string; answer: string }>
}>

const calls = { from: './language-syntax.ts', with: ['calls'] } as const
const languages: readonly Language[] = [
  {
    name: 'metric',
    answer: 'MetricSyntax',
    from: './syntax.ts',
    with: ['expression', 'scope'],
    part: { first: 'MetricQuery', rule: 'MetricExpression', answer: 'MetricExpressionSyntax' },
  },
  { name: 'formula', answer: 'FormulaSyntax', from: './syntax.ts', with: ['expression'] },
  { name: 'scope', answer: 'Scope', from: './syntax.ts' },
  { name: 'check', answer: 'CheckSyntax', ...calls },
  { name: 'event', answer: 'EventSyntax', ...calls },
  { name: 'search', answer: 'SearchSyntax', from: './language-syntax.ts' },
  { name: 'composite', answer: 'CompositeSyntax', from: './language-syntax.ts' },
  { name: 'slo', answer: 'SloSyntax', ...calls },
  { name: 'process', answer: 'ProcessSyntax', ...calls },
  { name: 'promql', answer: 'PromqlSyntax', from: './language-syntax.ts' },
  { name: 'sql', answer: 'SqlSyntax', ...calls },
  { name: 'probe', answer: 'ProbeSyntax', ...calls },
  { name: 'heartbeat', answer: 'HeartbeatSyntax', ...calls },
]

/** All generated files as they should be. Rejects with Peggy's own error, which names file and line. */
export async function generateParsers(): Promise<GeneratedFile[]> {
  const files = await Promise.all(
    languages.map(async (language) =>
      generate(language, await Promise.all([language.name, ...(language.with ?? []), 'tokens'].map(readGrammar))),
    ),
  )
  return files.flat()
}

type Grammar = Readonly<{ source: string; text: string }>

function generate({ name, answer, from, part }: Language, grammars: Grammar[]): GeneratedFile[] {
  const starts = part === undefined ? {} : { allowedStartRules: [part.first, part.rule] }
  const parser = peggy.generate(grammars, { output: 'source', format: 'es', ...starts })
  const sources = grammars.map(({ source }) => source)
  const notice = `Generated from ${sources.slice(0, -1).join(', ')} and ${sources.at(-1)} by \`npm run generate\`: change those instead.`
  const answers = [answer, ...(part === undefined ? [] : [part.answer])].join(', ')
  const imports =
    from === './syntax.ts'
      ? `import type { ${answers}, GrammarError } from './syntax.ts'`
      : `import type { ${answers} } from '${from}'\nimport type { GrammarError } from './syntax.ts'`
  const second =
    part === undefined ? '' : `export declare function parse(input: string, options: { startRule: '${part.rule}' }): ${part.answer}\n`
  const types = `// ${notice}
${imports}

export declare const SyntaxError: { new (...args: never): GrammarError; readonly prototype: GrammarError }
/** Throws SyntaxError. */
${second}export declare function parse(input: string): ${answer}
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
