/** Milliseconds to wait as a Retry-After header says (seconds, or an HTTP date); null where it says nothing that can be understood. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // Only the forms of HTTP, which begin with a weekday: Date.parse by itself reads years into any number.
  if (!/^[A-Z][a-z]+,? /.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}
