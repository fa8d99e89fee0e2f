/** An epoch-ms time as `2026-01-31T12:00:00Z`; sub-seconds are dropped, what is no time is printed as the number. */
export function isoTime(epochMs: number): string {
  // The range of times that ECMAScript can name.
  const epochMsMax = 8.64e15
  if (!(Math.abs(epochMs) <= epochMsMax)) return String(epochMs)
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Three decimals, or four digits where the number is smaller than one: what a person reads in a page at night. */
export function roundForPeople(value: number): number {
  return Math.abs(value) < 1 ? Number(value.toPrecision(4)) : Math.round(value * 1000) / 1000
}

/** The text, cut to `charactersMax` UTF-16 units with an ellipsis, without NUL (which PostgreSQL refuses) and without half a character at the cut. */
export function boundText(text: string, charactersMax: number): string {
  const clean = text.replaceAll('\0', '')
  if (clean.length <= charactersMax) return clean
  const cut = clean.slice(0, charactersMax - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}
