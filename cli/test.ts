/**
 * `npm test`: fetches the programs that tests need, runs `npm run check` and all test projects, and closes with one
 * line, `tests: N passed, N failed`. Fails if any of it failed or if no test ran. Read next: check.ts, vitest.config.ts.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { findTemporal, findTestServer } from './up/parts.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const report = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), success: z.boolean() })

process.exitCode = await test(process.argv.slice(2))

/** Arguments go to vitest, e.g. `npm test -- --project unit`; with any, `npm run check` is left out. */
async function test(args: readonly string[]): Promise<number> {
  await findTemporal(say)
  await findTestServer(say)
  const checked = args.length > 0 ? 0 : await run(['cli/check.ts'])
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-report-'))
  try {
    const file = join(folder, 'report.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const tested = await run(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args])
    const counts = readReport(file)
    if (checked !== 0) say('`npm run check` failed: see above')
    const ranWell = tested === 0 && counts?.success === true && counts.numPassedTests > 0
    // A file that could not even be loaded has no tests to count, yet something failed.
    const failed = counts === null || (counts.numFailedTests === 0 && !ranWell) ? 1 : counts.numFailedTests
    say(`tests: ${counts?.numPassedTests ?? 0} passed, ${failed} failed`)
    return checked === 0 && ranWell ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReport(file: string): z.infer<typeof report> | null {
  try {
    return report.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** On this same Node; the exit code. A signal to this process is for the child, whose end then decides. */
async function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...args], { cwd: root, stdio: 'inherit' })
  const forward = (name: NodeJS.Signals): void => void child.kill(name)
  process.on('SIGINT', forward).on('SIGTERM', forward)
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exitCode) => resolve(exitCode ?? 1))
  })
  process.off('SIGINT', forward).off('SIGTERM', forward)
  return code
}

function say(line: string): void {
  console.log(line)
}
