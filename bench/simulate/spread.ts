import { phaseMs, shardOf } from '../../core/schedule/slots.ts'

export type Spread = Readonly<{ min: number; mean: number; max: number }>

/** Slots that fall into each second of an interval. */
export function slotsPerSecond(monitors: number, intervalMs: number): Spread {
  return spreadOf(monitors, intervalMs / 1_000, (id) => Math.floor(phaseMs(id, intervalMs) / 1_000))
}

/** Monitors on each shard. */
export function monitorsPerShard(monitors: number, shards: number): Spread {
  return spreadOf(monitors, shards, (id) => shardOf(id, shards))
}

function spreadOf(monitors: number, places: number, placeOf: (id: number) => number): Spread {
  const counts = new Int32Array(places)
  for (let id = 1; id <= monitors; id += 1) counts[placeOf(id)] = (counts[placeOf(id)] ?? 0) + 1
  return { min: Math.min(...counts), mean: monitors / places, max: Math.max(...counts) }
}
