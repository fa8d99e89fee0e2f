/**
 * The measuring process of step.ts: one thread, also for collecting garbage, which otherwise keeps other cores busy.
 * Prints one JSON object. Read next: step.ts.
 */
import { begin } from '../../core/monitor/begin.ts'
import { observe } from '../../core/monitor/observe.ts'
import { step } from '../../core/monitor/step.ts'
import type { MonitorEvent, MonitorState } from '../../core/monitor/types.ts'
import { fleetEvents, groupNames, singleEvents, specOf, valuesOf } from './events.ts'

/** Steps of a single group in one round: a tenth of a second. */
const singleSteps = 200_000
const fleetGroups = 10_000
const fleetSteps = 20
/** Of several rounds the median counts; the first ones are for the compiler. */
const rounds = 7
const warmUps = 2

console.log(JSON.stringify(figures()))

function figures(): Record<string, number> {
  const single = begin(specOf(), null, 0).state
  const fleet = begin(specOf(), null, 0).state
  const play = (from: MonitorState, events: readonly MonitorEvent[]) => (): void => void playAll(from, events)
  const calm = fleetEvents(fleet, fleetGroups, fleetSteps, 0.01)
  const filled = playAll(fleet, calm.slice(0, 1))
  const values = valuesOf(groupNames(fleetGroups), 1, 0.01)
  const slot = filled.lastSlot + filled.spec.intervalMs
  checkThatItDecides(playAll(filled, calm.slice(1)))
  return {
    stepsPerSecond: singleSteps / secondsOf(play(single, singleEvents(single, singleSteps, 10))),
    transitionsPerSecond: singleSteps / secondsOf(play(single, singleEvents(single, singleSteps, 1))),
    quietStepsPerSecond: singleSteps / secondsOf(play(single, singleEvents(single, singleSteps, null))),
    groupUpdatesPerSecond: (fleetGroups * fleetSteps) / secondsOf(play(filled, calm.slice(1))),
    stormUpdatesPerSecond: (fleetGroups * fleetSteps) / secondsOf(play(filled, fleetEvents(fleet, fleetGroups, fleetSteps, 1).slice(1))),
    observedGroupsPerSecond: fleetGroups / secondsOf(() => void observe(filled, slot, values)),
    fleetQuietStepMicroseconds: secondsOf(() => void step(filled, { kind: 'quiet', through: slot })) * 1e6,
  }
}

function playAll(from: MonitorState, events: readonly MonitorEvent[]): MonitorState {
  let state = from
  for (const event of events) state = step(state, event).state
  return state
}

/** The median of several rounds, of CPU, collecting garbage included: what else the machine does isn't the state machine's fault. */
function secondsOf(run: () => void): number {
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
function checkThatItDecides(after: MonitorState): void {
  if (Object.keys(after.groups).length !== fleetGroups || after.sequence === 0) throw new Error('the steps decided nothing')
}
