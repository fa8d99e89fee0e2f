import { setTimeout as delay } from 'node:timers/promises'

/** A storm of starts makes the server late for everybody else, and is not what is measured. */
const startsPerSecond = 200
const batchSize = 20

/** Calls `start` for each id, 200 a second. */
export async function startPaced(ids: readonly number[], start: (id: number) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < ids.length; first += batchSize) {
    const batch = ids.slice(first, first + batchSize)
    await Promise.all([delay((batch.length / startsPerSecond) * 1_000), ...batch.map(start)])
  }
}

export function idsOf({ firstId, lastId }: Readonly<{ firstId: number; lastId: number }>): number[] {
  return Array.from({ length: lastId - firstId + 1 }, (_, index) => firstId + index)
}
