/** Lags in buckets: what a million evaluations a minute were late by, in a few kilobytes. */
export type Lags = Readonly<{ add: (lagMs: number) => void; quantileMs: (share: number) => number; count: () => number }>

const bucketMs = 100
/** An hour; what is later counts as an hour. */
const buckets = 36_000

export function openLags(): Lags {
  const counts = new Float64Array(buckets + 1)
  let total = 0
  return {
    add(lagMs) {
      const bucket = Math.min(buckets, Math.floor(lagMs / bucketMs))
      counts[bucket] = (counts[bucket] ?? 0) + 1
      total += 1
    },
    /** The upper edge of the bucket, so never too small; 0 of none. */
    quantileMs(share) {
      let seen = 0
      for (let bucket = 0; bucket <= buckets && total > 0; bucket += 1) {
        seen += counts[bucket] ?? 0
        if (seen >= total * share) return (bucket + 1) * bucketMs
      }
      return 0
    },
    count: () => total,
  }
}
