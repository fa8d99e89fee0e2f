/**
 * Schemathesis reads the OpenAPI document and asks whatever it allows, and what it doesn't: nothing is a 500, no status and no answer is
 * undocumented. It is installed from PyPI into a folder of its own; where that can't be done, the reason is printed and the test is left out.
 */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, keys, startApi } from '../api/harness.ts'

const run = promisify(execFile)
/** Its packages are some 40 MB; whoever has no network shall not wait for long. */
const installTimeoutMs = 120_000
/** As long as a test may take; `TOCSIN_FUZZ_SECONDS` is for whoever has more time. */
const seconds = Number(process.env.TOCSIN_FUZZ_SECONDS ?? 30)
/** Of each operation: what the seconds allow at the most. */
const examplesEach = 2 * seconds
const seed = process.env.TOCSIN_FUZZ_SEED ?? '20261124'
const version = '4.32.5'
const outputBytesMax = 50_000_000

const folder = await mkdtemp(join(tmpdir(), 'tocsin-fuzz-'))
const problem = await install()
if (problem !== null) console.log(`schemathesis could not be installed, so it does not ask: ${problem}`)

let api: Api
beforeAll(async () => {
  const plenty = { requests: 1_000_000, windowMs: 10_000 }
  api = await startApi({
    rateLimit: plenty,
    keyRateLimit: plenty,
    testSource: async () => ({ ok: true, detail: 'answers', duration_ms: 1 }),
    testReceiver: async () => ({ ok: true, detail: 'HTTP 200', duration_ms: 1 }),
  })
  const query = 'avg(last_5m):avg:system.load.1{*} by {host} > 4'
  await api.send('POST', '/api/v1/monitor', {
    type: 'query alert',
    name: 'Load',
    query,
    message: 'x',
    options: { thresholds: { critical: 4 } },
  })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  // Fails by itself where any answer isn't documented.
  await api.close()
})

describe.runIf(problem === null)('schemathesis', () => {
  test(`finds nothing in ${seconds} s with the seed ${seed}`, async () => {
    const checks = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance'
    const headers = [`DD-API-KEY:${keys.apiKey}`, `DD-APPLICATION-KEY:${keys.appKey}`].flatMap((header) => ['-H', header])
    const bounds = [
      '--max-time',
      String(seconds),
      '--max-examples',
      String(examplesEach),
      '--seed',
      seed,
      '--phases',
      'examples,coverage,fuzzing',
    ]
    // It never ends, and its events aren't one text, as schemathesis takes them for: test/api/events.test.ts reads it.
    const left = ['--exclude-path', '/api/v2/events/stream']
    const rest = ['--checks', checks, '--no-color', '--continue-on-failure', '--warnings', 'off', '--generation-database', 'none']
    const { code, stdout } = await schemathesis(['run', `${api.url}/api/openapi.json`, ...headers, ...bounds, ...left, ...rest])
    expect(stdout).toMatch(/Test cases:\s+[\s\S]*\d{2,}/)
    expect(code, stdout).toBe(0)
  })
})

async function schemathesis(words: readonly string[]): Promise<Readonly<{ code: number; stdout: string }>> {
  const environment = { PATH: process.env.PATH, HOME: folder, PYTHONPATH: folder, NO_PROXY: '127.0.0.1' }
  const options = { cwd: folder, env: environment, maxBuffer: outputBytesMax }
  return run('python3', [join(folder, 'bin', 'schemathesis'), ...words], options).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: unknown) => ({ code: 1, stdout: error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error) }),
  )
}

/** null = it is there. */
async function install(): Promise<string | null> {
  const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, `schemathesis==${version}`]
  return run('python3', words, { timeout: installTimeoutMs }).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message.slice(0, 300) : String(error)),
  )
}
