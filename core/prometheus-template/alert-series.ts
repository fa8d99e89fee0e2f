/**
 * The series that Prometheus writes of its alerts: `ALERTS`, which is 1 in the state that an alert has, and `ALERTS_FOR_STATE`, since when it
 * is active. Pure. Read next: rule.ts (an alert's labels), adapters/postgres/alert-series.ts (what was written, and what has ended).
 */

export type Labels = Readonly<Record<string, string>>

/** `value` null = the series ends here: Prometheus' stale marker. */
export type Sample = Readonly<{ labels: Labels; atMs: number; value: number | null }>

export type WrittenAlert = Readonly<{ labels: Labels; state: 'pending' | 'firing'; activeAtMs: number }>

/** Both series of each alert, as of `atMs`; of alerts with equal labels the first, for a series has one value at a time. */
export function alertSamples(alerts: readonly WrittenAlert[], atMs: number): Sample[] {
  const seen = new Set<string>()
  return alerts
    .flatMap((alert) => samplesOf(alert, atMs))
    .filter(({ labels }) => {
      const key = seriesKey(labels)
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
}

/** Equal for equal labels, in whatever order they stand. */
export function seriesKey(labels: Labels): string {
  return JSON.stringify(sortedLabels(labels))
}

/** By name, in bytes: the order that Prometheus wants. Names are ASCII. */
export function sortedLabels(labels: Labels): (readonly [name: string, value: string])[] {
  return Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))
}

function samplesOf({ labels, state, activeAtMs }: WrittenAlert, atMs: number): Sample[] {
  return [
    { labels: { ...labels, __name__: 'ALERTS', alertstate: state }, atMs, value: 1 },
    { labels: { ...labels, __name__: 'ALERTS_FOR_STATE' }, atMs, value: Math.floor(activeAtMs / 1_000) },
  ]
}
