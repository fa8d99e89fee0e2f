import { mix32 } from '../../core/hash.ts'
import { at } from './lanes.ts'

/** Which worker has which monitor in its cache, and who gets one that nobody has. */
export type Placement = Readonly<{
  /** orphaned = its worker died, and Temporal notices in a while; nobody = no worker is up. */
  workerFor: (id: number, isUp: (worker: number) => boolean) => number | 'orphaned' | 'nobody'
  /** It is evaluated there. True = it had to be replayed for that. */
  settle: (id: number, worker: number) => boolean
  /** It goes on as new: whoever has time takes it, and nothing has to be replayed. */
  release: (id: number) => void
  /** The worker died with its cache. */
  forget: (worker: number) => void
  random: (id: number) => number
}>

type Options = Readonly<{ monitors: number; workers: number; seed: number; cachedMax: number; waiting: (worker: number) => number }>

export function openPlacement({ monitors, workers, seed, cachedMax, waiting }: Options): Placement {
  /** Worker + 1; 0 = nobody. */
  const home = new Int32Array(monitors + 1)
  const homeLife = new Int32Array(monitors + 1)
  const isFresh = new Uint8Array(monitors + 1).fill(1)
  const lives = new Int32Array(workers)
  const cached = new Int32Array(workers)
  let draws = 0
  const random = (id: number): number => mix32(mix32(id) ^ mix32(seed + draws))

  /** Of two, the one that has less to do: who polls is who has time. */
  function choose(id: number, isUp: (worker: number) => boolean): number | 'nobody' {
    draws += 1
    const [one, other] = [upFrom(random(id) % workers, isUp), upFrom(random(id + 1) % workers, isUp)]
    if (one === null || other === null) return 'nobody'
    return waiting(one) <= waiting(other) ? one : other
  }

  function upFrom(start: number, isUp: (worker: number) => boolean): number | null {
    for (let tried = 0; tried < workers; tried += 1) {
      const worker = (start + tried) % workers
      if (isUp(worker)) return worker
    }
    return null
  }

  function leave(id: number): void {
    const worker = at(home, id) - 1
    if (worker >= 0 && at(lives, worker) === at(homeLife, id)) cached[worker] = at(cached, worker) - 1
    home[id] = 0
  }

  return {
    random,
    workerFor(id, isUp) {
      const worker = at(home, id) - 1
      if (worker < 0) return choose(id, isUp)
      if (at(lives, worker) === at(homeLife, id)) return worker
      leave(id)
      return 'orphaned'
    },
    settle(id, worker) {
      if (at(home, id) === worker + 1) return false
      const isReplayed = at(isFresh, id) === 0
      isFresh[id] = 0
      if (at(cached, worker) >= cachedMax) return isReplayed
      leave(id)
      home[id] = worker + 1
      homeLife[id] = at(lives, worker)
      cached[worker] = at(cached, worker) + 1
      return isReplayed
    },
    release(id) {
      leave(id)
      isFresh[id] = 1
    },
    forget(worker) {
      lives[worker] = at(lives, worker) + 1
      cached[worker] = 0
    },
  }
}
