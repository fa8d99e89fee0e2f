/**
 * How fast the state machine decides, on one core and with nothing around it: no workflow, no source, no store.
 * Never a figure of the engine as a whole (that is loop/). Read next: measure.ts, core/monitor/step.ts.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Benchmark } from '../benchmark.ts'

const run = promisify(execFile)
const measureFile = fileURLToPath(new URL('measure.ts', import.meta.url))

export const stepBenchmark: Benchmark = {
  name: 'step',
  about:
    'The state machine alone, in one thread, per second of CPU (collecting garbage included): events made beforehand, median of 7 rounds after 2 to warm up. Single-group steps: every slot tells one value, ' +
    'every tenth changes the status (told, numbered, with its effects); beside it the same with no change and with a change in every slot. Group updates: every ' +
    'slot tells the values of all 10,000 groups, 1 % of them change status. Observing: 10,000 groups compared with what is known, 1 % news.',
  figures: [
    {
      key: 'stepsPerSecond',
      label: 'single-group steps per second, every tenth a transition',
      digits: 0,
      goal: { atLeast: 500_000 },
    },
    {
      key: 'groupUpdatesPerSecond',
      label: 'group updates per second, 10,000 groups, 1 % transitions',
      digits: 0,
      goal: { atLeast: 1_000_000 },
    },
    { key: 'quietStepsPerSecond', label: 'single-group steps per second that say nothing new', digits: 0 },
    { key: 'transitionsPerSecond', label: 'single-group steps per second, each a transition', digits: 0 },
    { key: 'stormUpdatesPerSecond', label: 'group updates per second, each a transition', digits: 0 },
    { key: 'observedGroupsPerSecond', label: 'groups observed per second, 1 % news', digits: 0 },
    { key: 'fleetQuietStepMicroseconds', label: 'a quiet step of 10,000 groups, µs', digits: 1 },
  ],
  run: async (say) => {
    say('measuring in a process of its own')
    const { stdout } = await run(process.execPath, ['--single-threaded-gc', measureFile])
    return z.record(z.string(), z.number()).parse(JSON.parse(stdout))
  },
}
