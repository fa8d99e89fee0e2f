/**
 * `tocsin test FILE…`: runs scenario files through the state machine, offline, and says what came out other than expected.
 * 0 = all as expected, 1 = not all, 2 = a file or the command line can't be read. Never talks to anybody.
 * Read next: read.ts, judge.ts, docs/scenarios.md.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { judge, type Verdict } from './judge.ts'
import { junitXml } from './junit.ts'
import { type FileScenario, readScenarioFile } from './read.ts'

export const usage = `usage: tocsin test [--junit FILE] SCENARIOS.yaml…
  --junit FILE   also write the outcome as JUnit XML
The format of scenario files: docs/scenarios.md`

export async function testCommand(args: readonly string[], say: (line: string) => void, complain: (line: string) => void): Promise<number> {
  const options = optionsOf(args)
  if ('error' in options) {
    complain(`${options.error}\n${usage}`)
    return 2
  }
  const { scenarios, errors } = await readAll(options.files)
  for (const error of errors) complain(error)
  const verdicts = scenarios.map(judge)
  for (const verdict of verdicts) if (verdict.difference.length > 0) say(report(verdict))
  say(summary(verdicts, errors.length))
  const written = options.junit === null ? null : await write(options.junit, junitXml(verdicts))
  if (written !== null) complain(written)
  if (errors.length > 0 || written !== null) return 2
  return verdicts.some(({ difference }) => difference.length > 0) ? 1 : 0
}

type Options = Readonly<{ files: readonly string[]; junit: string | null }>

function optionsOf(args: readonly string[]): Options | Readonly<{ error: string }> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { junit: { type: 'string' } } })
    return positionals.length === 0 ? { error: 'no scenario file is given' } : { files: positionals, junit: values.junit ?? null }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

async function readAll(files: readonly string[]): Promise<Readonly<{ scenarios: readonly FileScenario[]; errors: readonly string[] }>> {
  const scenarios: FileScenario[] = []
  const errors: string[] = []
  for (const file of files) {
    const read = await readScenarioFile(file)
    if (read.ok) scenarios.push(...read.scenarios)
    else errors.push(...read.errors)
  }
  return { scenarios, errors }
}

function report({ file, line, name, difference }: Verdict): string {
  const lines = difference.map((text) => `    ${text}`)
  return [`FAIL ${file}:${line} ${name}`, ...lines, ''].join('\n')
}

function summary(verdicts: readonly Verdict[], errors: number): string {
  const failed = verdicts.filter(({ difference }) => difference.length > 0).length
  const passed = `${verdicts.length - failed} of ${verdicts.length} scenarios as expected`
  const legend = failed === 0 ? '' : ' (- expected, + came out)'
  return `${passed}${legend}${errors === 0 ? '' : `; ${errors} ${errors === 1 ? 'error' : 'errors'} in the files`}`
}

async function write(file: string, text: string): Promise<string | null> {
  try {
    await writeFile(file, text)
    return null
  } catch (error) {
    return `${file}: ${error instanceof Error ? error.message : String(error)}`
  }
}
