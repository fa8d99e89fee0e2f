import { mix32 } from '../../core/hash.ts'
import type { Fault, SimulatedFleet } from './fleet.ts'

export type Scenario = Readonly<{ name: string; fleet: SimulatedFleet }>

export type ScenarioOptions = Readonly<{ monitors: number; intervalMs: number; workers: number; seed: number }>

const minuteMs = 60_000
/** Of capacity: the rest is for what happens. */
const utilisation = 0.6
/** Before it happens, all are on schedule. */
const fromMs = 2 * minuteMs
/** A pod is back after that: image there, workflows bundled, queues polled. */
const restartMs = 60_000
/** In a rolling deploy so many of all workers are replaced at a time, half a minute after the ones before. */
const rollingShare = 0.05
const rollingEveryMs = 30_000

const quiet: Fault = { fromMs, isDown: () => false, saysGoodbye: false, isAway: () => false, costFactor: () => 1 }

/** Each alone, on a fleet of the same size. */
export function scenariosOf({ monitors, intervalMs, workers, seed }: ScenarioOptions): Scenario[] {
  const perWorkerSecond = (monitors * 1_000) / intervalMs / workers / utilisation
  const base = { monitors, intervalMs, workers, perWorkerSecond, stretches: true, seed, durationMs: 10 * minuteMs }
  const overloaded = { perWorkerSecond: (perWorkerSecond * utilisation) / 3, durationMs: 20 * minuteMs }
  const scenario = (name: string, fault: Partial<Fault>, others: Partial<SimulatedFleet> = {}): Scenario => ({
    name,
    fleet: { ...base, ...others, fault: { ...quiet, ...fault } },
  })
  const atOnce = Math.max(1, Math.floor(workers * rollingShare))
  const turnMs = (rollingEveryMs * atOnce) / (workers * rollingShare)
  const victim = mix32(seed) % workers
  const within = (ms: number, lastingMs: number): boolean => ms >= fromMs && ms < fromMs + lastingMs
  const isHit = (id: number, share: number): boolean => mix32(id ^ mix32(seed)) < share * 2 ** 32
  return [
    scenario('nothing', {}),
    scenario('a worker is killed, back after 60 s', { isDown: (worker, ms) => worker === victim && within(ms, restartMs) }),
    scenario('a tenth of the workers is killed at once, back after 60 s', {
      isDown: (worker, ms) => mix32(worker ^ mix32(seed)) < 0.1 * 2 ** 32 && within(ms, restartMs),
    }),
    scenario(
      'all workers are replaced, a twentieth every 30 s',
      {
        saysGoodbye: true,
        isDown: (worker, ms) => {
          // The new one is there before the old one goes: only its cache is lost.
          const goesAt = fromMs + Math.floor(worker / atOnce) * turnMs
          return ms >= goesAt && ms < goesAt + 1_000
        },
      },
      { durationMs: 16 * minuteMs },
    ),
    scenario(
      'all workers are killed at once, back after 60 s',
      { isDown: (_worker, ms) => within(ms, restartMs) },
      { durationMs: 15 * minuteMs },
    ),
    scenario('Temporal is away for 5 minutes', { isAway: (ms) => within(ms, 5 * minuteMs) }, { durationMs: 15 * minuteMs }),
    scenario('a storm: a fifth of the monitors change at once, for a minute, at five times the cost', {
      costFactor: (id, ms) => (within(ms, minuteMs) && isHit(id, 0.2) ? 5 : 1),
    }),
    scenario('three times as much as they can do, stretched', { fromMs: 0 }, overloaded),
    scenario('three times as much as they can do, unstretched', { fromMs: 0 }, { ...overloaded, stretches: false }),
  ]
}
