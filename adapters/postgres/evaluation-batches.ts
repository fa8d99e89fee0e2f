import type { EvaluationEntry } from '../../activities/ports.ts'
import { isOutage } from './outage.ts'
import type { Pool } from './pool.ts'
import { dayOf, digestOf, ensureEvaluationDays, insertEvaluations, type QueryText } from './queries/evaluations.ts'

/** Texts that are known to be stored: each monitor's query, and room for edited ones. About 1 MB. */
const knownTextsMax = 10_000

export type WriteEvaluations = (entries: readonly EvaluationEntry[]) => Promise<void>

/**
 * Writes batches, each whole or not at all, and remembers which days and texts it needn't make any more. One at a time.
 * Rejects with PostgreSQL's errors.
 */
export function evaluationBatches(pool: Pool, timeoutMs: number): WriteEvaluations {
  const days = new Set<number>()
  const texts = new Map<string, number>()

  async function write(entries: readonly EvaluationEntry[]): Promise<void> {
    const missing = [...new Set(entries.map((entry) => dayOf(entry.slot)))].filter((day) => !days.has(day)).sort((a, b) => a - b)
    if (missing.length > 0) await ensureEvaluationDays(pool, missing, timeoutMs)
    for (const day of missing) days.add(day)
    const unknown = textsOf(entries).filter(({ digest, newestDay }) => (texts.get(digest) ?? Number.NEGATIVE_INFINITY) < newestDay)
    await insertEvaluations(pool, entries, unknown, timeoutMs)
    if (texts.size + unknown.length > knownTextsMax) texts.clear()
    for (const { digest, newestDay } of unknown) texts.set(digest, newestDay)
  }

  return async (entries) => {
    try {
      await write(entries)
    } catch (error) {
      if (isOutage(error)) throw error
      // Upkeep may have dropped what was known to be there.
      days.clear()
      texts.clear()
      await write(entries)
    }
  }
}

/** Each text once, by digest: the order in which all writers lock them. */
function textsOf(entries: readonly EvaluationEntry[]): QueryText[] {
  const found = new Map<string, number>()
  for (const { query, slot } of entries) if (query !== null) found.set(query, Math.max(found.get(query) ?? 0, dayOf(slot)))
  return [...found].map(([text, newestDay]) => ({ digest: digestOf(text), text, newestDay })).sort((a, b) => (a.digest < b.digest ? -1 : 1))
}
