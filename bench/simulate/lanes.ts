/**
 * Where each monitor of a simulation is: asleep until a tick, or waiting for a worker. Lists over one array of links, for a million of
 * them at a time. A monitor is in one list only. Read next: fleet.ts.
 */

export type Lanes = Readonly<{
  sleep: (id: number, untilTick: number) => void
  /** Those that wake up at this tick, each once. */
  wake: (tick: number, each: (id: number) => void) => void
  wait: (id: number, worker: number, priority: number) => void
  /** The first of the highest priority; 0 = nobody waits. */
  take: (worker: number) => number
  waiting: (worker: number) => number
}>

const priorities = 5

/** Ids begin with 1. Whoever sleeps beyond `ticks` never wakes up. */
export function openLanes({ monitors, workers, ticks }: Readonly<{ monitors: number; workers: number; ticks: number }>): Lanes {
  const next = new Int32Array(monitors + 1)
  const asleep = new Int32Array(ticks)
  const first = new Int32Array(workers * priorities)
  const last = new Int32Array(workers * priorities)
  const counts = new Int32Array(workers)

  function wait(id: number, worker: number, priority: number): void {
    const lane = worker * priorities + priority - 1
    next[id] = 0
    if (at(first, lane) === 0) first[lane] = id
    else next[at(last, lane)] = id
    last[lane] = id
    counts[worker] = at(counts, worker) + 1
  }

  function take(worker: number): number {
    for (let lane = worker * priorities; lane < (worker + 1) * priorities; lane += 1) {
      const id = at(first, lane)
      if (id === 0) continue
      first[lane] = at(next, id)
      counts[worker] = at(counts, worker) - 1
      return id
    }
    return 0
  }

  return {
    sleep(id, untilTick) {
      if (untilTick >= ticks) return
      next[id] = at(asleep, untilTick)
      asleep[untilTick] = id
    },
    wake(tick, each) {
      for (let id = at(asleep, tick); id !== 0; ) {
        const following = at(next, id)
        each(id)
        id = following
      }
    },
    wait,
    take,
    waiting: (worker) => at(counts, worker),
  }
}

/** The arrays are as long as their indexes reach; 0 is what they hold before anything is written. */
export function at(array: Int32Array | Float64Array | Uint8Array, index: number): number {
  return array[index] ?? 0
}
