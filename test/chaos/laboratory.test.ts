/**
 * The fault laboratory, short: a fixed seed, real processes, overlapping faults, and all invariants hold. `npm run chaos` runs it for as long as
 * one likes. Read next: bench/chaos/main.ts.
 */
import { execFile } from 'node:child_process'
import { describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url).pathname
const invariantsCount = 13
/** A quarter of a minute of faults, before and after which processes come up: less than a minute where nothing else runs. */
const timeoutMs = 420_000

describe('the fault laboratory', () => {
  /** Chosen for what it brings. */
  test.each([7])('seed %i: every invariant holds', { timeout: timeoutMs }, async (seed) => {
    const { code, output } = await laboratory('--seed', String(seed), '--minutes', '0.2', '--monitors', '14')
    expect(code, output).toBe(0)
    expect(output.match(/^holds {3}/gm), output).toHaveLength(invariantsCount)
    // A run in which nothing happened would hold as well.
    expect(Number(/hold after (\d+) faults/.exec(output)?.[1]), output).toBeGreaterThan(4)
    console.log(output.split('\n').at(-2))
  })
})

function laboratory(...args: readonly string[]): Promise<Readonly<{ code: number; output: string }>> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['bench/chaos/main.ts', ...args], { cwd: root, timeout: timeoutMs - 10_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, output: out + err })
    })
  })
}
