/** As a time in a zone reads: `2026-01-31 13:00:00+01:00`. null = there is no such zone, or no such time. */
export function localTime(epochMs: number, zone: string): string | null {
  try {
    const parts = Object.fromEntries(
      formatOf(zone)
        .formatToParts(epochMs)
        .map(({ type, value }) => [type, value]),
    )
    // `GMT+01:00`, and `GMT` alone for none.
    const offset = (parts.timeZoneName ?? '').replace('GMT', '') || '+00:00'
    return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}${offset}`
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Zones in use on one machine: a format takes far longer to make than to use. */
const keptFormatsMax = 100
const kept = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = kept.get(zone)
  if (known !== undefined) return known
  const two = '2-digit'
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
    timeZoneName: 'longOffset',
  })
  if (kept.size < keptFormatsMax) kept.set(zone, made)
  return made
}
