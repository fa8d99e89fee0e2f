/**
 * The counts of searches, kept for a moment where counting takes long: many people who look at all monitors at once cost no more than one.
 * Never older than countsAgeMaxMs, and never kept where counting is quick. Read next: routes/search.ts.
 */

/** What is counted faster is counted each time: answers of usual installations are never old. */
const quickMs = 25
/** Counting the same again and again takes at most a twentieth of a core. */
const ageFactor = 20
/** What a person who looks at a list of thousands doesn't notice. */
export const countsAgeMaxMs = 5_000
/** Searches that are remembered: a page of counts takes some 50 kB at most. */
const searchesMax = 100

export type KeptCounts<Counts> = (search: string, count: () => Promise<Counts>) => Promise<Counts>

type Kept<Counts> = Readonly<{ counts: Promise<Counts>; untilMs: number }>

/**
 * Counts are counted again once they are too old; requests that come meanwhile wait for that together. `clock` in milliseconds; not that of
 * the wall, which may be set back.
 */
export function keptCounts<Counts>(clock: () => number = () => performance.now()): KeptCounts<Counts> {
  const kept = new Map<string, Kept<Counts>>()

  return (search, count) => {
    const known = kept.get(search)
    if (known !== undefined && clock() < known.untilMs) return known.counts
    const startedMs = clock()
    const counts = count()
    // A search that took long before is waited for by all who ask meanwhile; one that nobody knows yet is counted by each.
    if (known !== undefined) remember(search, { counts, untilMs: Number.POSITIVE_INFINITY })
    return counts.then(
      (value) => {
        const tookMs = clock() - startedMs
        if (tookMs < quickMs) kept.delete(search)
        else remember(search, { counts: Promise.resolve(value), untilMs: startedMs + Math.min(tookMs * ageFactor, countsAgeMaxMs) })
        return value
      },
      (error: unknown) => {
        kept.delete(search)
        throw error
      },
    )
  }

  function remember(search: string, entry: Kept<Counts>): void {
    kept.delete(search)
    kept.set(search, entry)
    const [oldest] = kept.keys()
    if (kept.size > searchesMax && oldest !== undefined) kept.delete(oldest)
  }
}
