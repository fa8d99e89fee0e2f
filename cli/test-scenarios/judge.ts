import { compareRun } from '../../core/scenario/compare.ts'
import { runScenario } from '../../core/scenario/run.ts'
import type { FileScenario } from './read.ts'

export type Verdict = Readonly<{
  file: string
  line: number
  name: string
  durationMs: number
  /** What came out other than expected, line by line; empty = passed. */
  difference: readonly string[]
}>

export function judge({ file, line, scenario }: FileScenario): Verdict {
  const startedMs = performance.now()
  const difference = compareRun(scenario, runScenario(scenario))
  return { file, line, name: scenario.name, durationMs: performance.now() - startedMs, difference }
}
