/**
 * A fleet of monitors and workers as a discrete simulation: slots, stretching and what a worker feels of its lag are the engine's own
 * code, everything else is arithmetic with the costs below. No processes, no clock: the same input gives the same figures.
 * Read next: placement.ts, scenarios.ts, ../simulate.ts.
 */
import { createPressure, type MeasuredPressure } from '../../activities/pressure.ts'
import { dueSlots, slotAtOrBefore } from '../../core/schedule/slots.ts'
import { wakingSlot } from '../../core/schedule/timetable.ts'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { type Lags, openLags } from './lags.ts'
import { at, openLanes } from './lanes.ts'
import { openPlacement } from './placement.ts'

/** What happens to a fleet. Times in ms from the start. */
export type Fault = Readonly<{
  /** When the first thing happens. */
  fromMs: number
  /** Whether a worker is gone at that time. */
  isDown: (worker: number, ms: number) => boolean
  /** It said so before, so that Temporal gives its monitors to others at once. */
  saysGoodbye: boolean
  /** Nobody can evaluate: Temporal is away. */
  isAway: (ms: number) => boolean
  /** By how much an evaluation costs more than a quiet one: 1 = as always. */
  costFactor: (monitorId: number, ms: number) => number
}>

export type SimulatedFleet = Readonly<{
  monitors: number
  intervalMs: number
  workers: number
  /** Quiet evaluations that each worker does in a second, with its share of Temporal and PostgreSQL. */
  perWorkerSecond: number
  stretches: boolean
  seed: number
  durationMs: number
  fault: Fault
}>

export type Course = Readonly<{
  /** From the slot for which a monitor was to wake up, to its evaluation. */
  lag: Percentiles
  lagP1: Percentiles
  /** From each slot, stretched over or not, to its evaluation; of several in one go, the oldest. */
  delay: Percentiles
  /** From the fault to the last evaluation that was more than two seconds late; null = they still were at the end. */
  recoveredInS: number | null
  evaluations: number
  /** More than evaluations where one answers several. */
  slots: number
  waitingMax: number
  /** The largest factor by which an interval was multiplied. */
  stretchMax: number
}>
export type Percentiles = Readonly<{ p50Ms: number; p99Ms: number; maxMs: number }>

export const tickMs = 100
const lateMs = 2_000
/** A replay of a run of some 12 evaluations: 25 ms and 1.6 ms for each, where a quiet evaluation is 10 ms. */
const replayCost = 4.4
/** Continue-as-new: 15 ms. */
const renewalCost = 1.5
/** Each further slot that a call answers: its share of one query and a step. */
const furtherSlotCost = 0.05

/** As operators spread them, of twenty: few are of P1. */
const priorities = [1, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5] as const
export const priorityOf = (id: number): number => priorities[id % priorities.length] ?? 3

export function simulateFleet(fleet: SimulatedFleet): Course {
  const { monitors, workers, intervalMs, fault, durationMs } = fleet
  const { loop, stickyScheduleToStartTimeoutMs, maxCachedWorkflows } = loadTemporalConfig({})
  const ticks = Math.floor(durationMs / tickMs)
  const lanes = openLanes({ monitors, workers, ticks })
  const placement = openPlacement({ monitors, workers, seed: fleet.seed, cachedMax: maxCachedWorkflows, waiting: lanes.waiting })
  let now = 0
  const pressures = Array.from({ length: workers }, (): MeasuredPressure => createPressure(() => now))
  const lastSlot = new Float64Array(monitors + 1)
  const wokenFor = new Float64Array(monitors + 1)
  const runLength = new Uint8Array(monitors + 1)
  const budget = new Float64Array(workers)
  const down = new Uint8Array(workers)
  let up = workers
  const [all, p1, delays] = [openLags(), openLags(), openLags()]
  let [evaluations, slots, waiting, waitingMax, stretchMax, lastLateMs] = [0, 0, 0, 0, 1, -1]

  for (let id = 1; id <= monitors; id += 1) {
    lastSlot[id] = slotAtOrBefore(id, intervalMs, -1)
    // Somewhere within their runs, so that they aren't renewed all at once.
    runLength[id] = placement.random(id) % loop.evaluationsPerRun
    sleepOn(id, 1)
  }
  for (let tick = 0; tick < ticks; tick += 1) {
    now = tick * tickMs
    for (let worker = 0; worker < workers; worker += 1) changeWorker(worker)
    lanes.wake(tick, (id) => dispatch(id, tick))
    for (let worker = 0; worker < workers; worker += 1) work(worker)
    waitingMax = Math.max(waitingMax, waiting)
  }
  return {
    lag: percentilesOf(all),
    lagP1: percentilesOf(p1),
    delay: percentilesOf(delays),
    recoveredInS: recoveredIn(),
    evaluations,
    slots,
    waitingMax,
    stretchMax,
  }

  function sleepOn(id: number, factor: number): void {
    const slot = wakingSlot({ spec: { monitorId: id, intervalMs }, agenda: null }, at(lastSlot, id), factor) ?? durationMs
    wokenFor[id] = slot
    lanes.sleep(id, Math.max(Math.ceil(slot / tickMs), Math.floor(now / tickMs) + 1))
  }

  function changeWorker(worker: number): void {
    const isDown = fault.isDown(worker, now)
    if (isDown === (at(down, worker) === 1)) return
    down[worker] = isDown ? 1 : 0
    up += isDown ? -1 : 1
    budget[worker] = 0
    if (!isDown) return
    placement.forget(worker)
    pressures[worker] = createPressure(() => now)
    // Orphaned when they wake up: Temporal gives what the worker had to others after a while.
    for (let id = lanes.take(worker); id !== 0; id = lanes.take(worker)) {
      waiting -= 1
      lanes.sleep(id, now / tickMs + 1)
    }
  }

  function dispatch(id: number, tick: number): void {
    // Said once rather than asked of each worker, a million times a second.
    const worker = up === 0 ? 'nobody' : placement.workerFor(id, (candidate) => at(down, candidate) === 0)
    if (worker === 'orphaned') lanes.sleep(id, tick + (fault.saysGoodbye ? 1 : stickyScheduleToStartTimeoutMs / tickMs))
    else if (worker === 'nobody') lanes.sleep(id, tick + 1_000 / tickMs)
    else {
      lanes.wait(id, worker, priorityOf(id))
      waiting += 1
    }
  }

  function work(worker: number): void {
    if (at(down, worker) === 1 || fault.isAway(now)) return
    // What isn't used is gone; what was begun is ended first.
    let left = Math.min(0, at(budget, worker)) + (fleet.perWorkerSecond * tickMs) / 1_000
    left += Math.min(1, Math.max(0, at(budget, worker)))
    while (left >= 1) {
      const id = lanes.take(worker)
      if (id === 0) break
      waiting -= 1
      left -= evaluate(id, worker)
    }
    budget[worker] = left
  }

  /** What it cost. */
  function evaluate(id: number, worker: number): number {
    const bounds = { batchMax: loop.catchUpBatchMax, horizonMs: loop.catchUpHorizonMs }
    const { first, count } = dueSlots(id, intervalMs, at(lastSlot, id), now, bounds)
    const factor = feel(id, worker)
    delays.add(now - first)
    evaluations += 1
    slots += count
    lastSlot[id] = first + (count - 1) * intervalMs
    const cost = fault.costFactor(id, now) + (count - 1) * furtherSlotCost + carry(id, worker)
    sleepOn(id, factor)
    return cost
  }

  /** By how much its interval is multiplied from now on. */
  function feel(id: number, worker: number): number {
    const [priority, lagMs] = [priorityOf(id), Math.max(0, now - at(wokenFor, id))]
    all.add(lagMs)
    if (priority === 1) p1.add(lagMs)
    if (lagMs > lateMs && now >= fault.fromMs) lastLateMs = now
    const pressure = pressures[worker]
    if (!fleet.stretches || pressure === undefined) return 1
    pressure.evaluated({ monitorId: id, priority, intervalMs }, lagMs)
    const factor = pressure.stretchOf(priority, intervalMs)
    stretchMax = Math.max(stretchMax, factor)
    return factor
  }

  /** What replay and continue-as-new cost. */
  function carry(id: number, worker: number): number {
    const isReplayed = placement.settle(id, worker)
    const isRenewed = at(runLength, id) + 1 >= loop.evaluationsPerRun
    runLength[id] = isRenewed ? 0 : at(runLength, id) + 1
    if (isRenewed) placement.release(id)
    return (isReplayed ? replayCost : 0) + (isRenewed ? renewalCost : 0)
  }

  function recoveredIn(): number | null {
    if (lastLateMs < 0) return 0
    return lastLateMs > durationMs - 10_000 ? null : (lastLateMs - fault.fromMs) / 1_000
  }
}

function percentilesOf(lags: Lags): Percentiles {
  return { p50Ms: lags.quantileMs(0.5), p99Ms: lags.quantileMs(0.99), maxMs: lags.quantileMs(1) }
}
