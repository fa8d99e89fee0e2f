/**
 * How fast the state machine decides, on one core and with nothing around it: no workflow, no source, no store.
 * Never a figure of the engine as a whole (that is loop/). Read next: events.ts, core/monitor/step.ts.
 */
import { begin } from '../../core/monitor/begin.ts'
import { observe } from '../../core/monitor/observe.ts'
import { step } from '../../core/monitor/step.ts'
import type { MonitorEvent, MonitorState } from '../../core/monitor/types.ts'
import type { Benchmark, Figures } from '../benchmark.ts'
import { fleetEvents, groupNames, singleEvents, specOf, valuesOf } from './events.ts'

/** Steps of a single group in one round: half a second or so. */
const singleSteps = 200_000
const fleetGroups = 10_000
const fleetSteps = 20
/** Of several rounds the median counts; the first ones are for the compiler. */
const rounds = 7
const warmUps = 2

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
    const single = begin(specOf(), null, 0).state
    const fleet = begin(specOf(), null, 0).state
    const figures: Record<string, number> = {}
    const measure = (key: string, count: number, run: () => void): void => {
      figures[key] = count / medianSeconds(run)
      say(`${key} ${Math.round(figures[key]).toLocaleString('en-US')}`)
    }
    const play = (from: MonitorState, events: readonly MonitorEvent[]) => (): void => void playAll(from, events)
    measure('stepsPerSecond', singleSteps, play(single, singleEvents(single, singleSteps, 10)))
    measure('transitionsPerSecond', singleSteps, play(single, singleEvents(single, singleSteps, 1)))
    measure('quietStepsPerSecond', singleSteps, play(single, singleEvents(single, singleSteps, null)))
    const calm = fleetEvents(fleet, fleetGroups, fleetSteps, 0.01)
    const filled = playAll(fleet, calm.slice(0, 1))
    measure('groupUpdatesPerSecond', fleetGroups * fleetSteps, play(filled, calm.slice(1)))
    measure('stormUpdatesPerSecond', fleetGroups * fleetSteps, play(filled, fleetEvents(fleet, fleetGroups, fleetSteps, 1).slice(1)))
    const values = valuesOf(groupNames(fleetGroups), 1, 0.01)
    const slot = filled.lastSlot + filled.spec.intervalMs
    measure('observedGroupsPerSecond', fleetGroups, () => void observe(filled, slot, values))
    figures.fleetQuietStepMicroseconds = medianSeconds(() => void step(filled, { kind: 'quiet', through: slot })) * 1e6
    return checked(figures, playAll(filled, calm.slice(1)))
  },
}

function playAll(from: MonitorState, events: readonly MonitorEvent[]): MonitorState {
  let state = from
  for (const event of events) state = step(state, event).state
  return state
}

/** Of CPU, collecting garbage included: what else the machine does isn't the state machine's fault. */
function medianSeconds(run: () => void): number {
  const seconds = Array.from({ length: warmUps + rounds }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  })
  return (
    seconds
      .slice(warmUps)
      .sort((a, b) => a - b)
      .at(Math.floor(rounds / 2)) ?? Number.NaN
  )
}

/** A machine that did nothing would be fast. */
function checked(figures: Record<string, number>, after: MonitorState): Figures {
  if (Object.keys(after.groups).length !== fleetGroups || after.sequence === 0) throw new Error('the steps decided nothing')
  return figures
}
