/**
 * `tocsin test FILE…`: runs scenario files through the state machine, offline, and says what came out other than expected.
 * 0 = all as expected, 1 = not all, 2 = a file or the command line can't be read. Never talks to anybody.
 * Read next: read.ts, judge.ts, docs/scenarios.md.
 */
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { exitCodes } from '../codes.ts'
import { act } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { judge, type Verdict } from './judge.ts'
import { junitXml } from './junit.ts'
import { type FileScenario, readScenarioFile } from './read.ts'

const testOptions = z.object({ junit: z.string().nullable().default(null), json: z.boolean().default(false) })

export function addTest(program: Command, terminal: Terminal): void {
  const command = program
    .command('test')
    .description('runs scenario files offline: docs/scenarios.md')
    .argument('<file...>', 'files of scenarios')
    .option('--junit <file>', 'also writes the outcome as JUnit XML')
    .option('--json', 'the outcome as JSON, for programs')
  act(command, terminal, testOptions, async ({ args, options }) => {
    const { scenarios, errors } = await readAll(args)
    for (const error of errors) terminal.complain(error)
    const verdicts = scenarios.map(judge)
    if (options.json) terminal.say(JSON.stringify({ scenarios: verdicts, errors }, null, 2))
    else tell(verdicts, errors.length, terminal)
    const written = options.junit === null ? null : await write(options.junit, junitXml(verdicts))
    if (written !== null) terminal.complain(written)
    if (errors.length > 0 || written !== null) return exitCodes.wrong
    return verdicts.some(({ difference }) => difference.length > 0) ? exitCodes.no : exitCodes.done
  })
}

function tell(verdicts: readonly Verdict[], errors: number, { say }: Terminal): void {
  for (const verdict of verdicts) if (verdict.difference.length > 0) say(report(verdict))
  say(summary(verdicts, errors))
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
