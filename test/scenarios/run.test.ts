/** Every golden timeline, twice: through step alone, and through the monitor workflow. Both must agree with the file. */
import { globSync } from 'node:fs'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FileScenario, readScenarioFile } from '../../cli/test-scenarios/read.ts'
import { compareRun } from '../../core/scenario/compare.ts'
import { runScenario } from '../../core/scenario/run.ts'
import { printTransition } from '../../core/scenario/transition-line.ts'
import { type EngineRun, runOnEngine } from '../support/scenario-engine.ts'
import { timeSkippingEnvironment } from '../support/temporal.ts'

const files = globSync(new URL('*.yaml', import.meta.url).pathname).sort()
const golden: { name: string; scenarios: readonly FileScenario[] }[] = []
for (const file of files) {
  const read = await readScenarioFile(file)
  if (!read.ok) throw new Error(read.errors.join('\n'))
  golden.push({ name: file.split('/').at(-1) ?? file, scenarios: read.scenarios })
}

let bundle: WorkflowBundleWithSourceMap
beforeAll(async () => {
  bundle = await bundleWorkflowCode({ workflowsPath: new URL('../support/scenario-workflow.ts', import.meta.url).pathname })
})

describe.each(golden)('$name', ({ scenarios }) => {
  let environment: TestWorkflowEnvironment | undefined
  let runs: readonly EngineRun[] = []
  beforeAll(async () => {
    environment = await timeSkippingEnvironment()
    runs = await runOnEngine(
      environment,
      bundle,
      scenarios.map(({ scenario }) => scenario),
    )
  })
  afterAll(() => environment?.teardown())

  test.each(scenarios.map(({ scenario }, index) => ({ name: scenario.name, scenario, index })))('$name', ({ scenario, index }) => {
    const alone = runScenario(scenario)
    expect(compareRun(scenario, alone)).toEqual([])
    const engine = runs[index]
    if (engine === undefined) throw new Error('the engine left it out')
    expect(compareRun(scenario, engine)).toEqual([])
    expect(engine.transitions.map(printTransition)).toEqual(alone.transitions.map(printTransition))
    expect(statuses(engine)).toEqual(statuses(alone))
    const { evaluated, caughtUp, failed, skipped } = engine.ledger
    // A workflow that was lost counts from where the store stands; slots of a pause are counted when it ends.
    const countsAll = scenario.outages.length === 0 && !engine.state.paused
    if (countsAll) expect(evaluated + caughtUp + failed + skipped).toBe(scenario.slots.length)
    else expect(evaluated + caughtUp + failed + skipped).toBeGreaterThan(0)
  })
})

function statuses({ state }: Pick<EngineRun, 'state'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state.groups).map(([key, group]) => [key, `${group.status} ${group.level} ${String(group.value)}`]),
  )
}
