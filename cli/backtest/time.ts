/** Times as people write them on a command line. Never reads the clock: `nowMs` is an argument. */

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

export const timeForms =
  'a date or time as 2026-11-01, 2026-11-01T08:00 (local), 2026-11-01T08:00:00Z, epoch seconds, now, or now-90m (s, m, h, d, w)'

/** Epoch ms; null = it is no time. A date, and a time without a zone, are local. */
export function parseTime(text: string, nowMs: number): number | null {
  const trimmed = text.trim()
  const [relative, count, unit] = /^now(?:-(\d{1,9})([smhdw]))?$/.exec(trimmed) ?? []
  if (relative !== undefined) return count === undefined ? nowMs : nowMs - Number(count) * (unitsMs[unit ?? ''] ?? 0)
  if (/^\d{9,11}$/.test(trimmed)) return Number(trimmed) * 1_000
  const [whole, date, clock = 'T00:00', zone = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(trimmed) ?? []
  if (whole === undefined) return null
  const ms = Date.parse(`${date}${clock.startsWith('T') ? clock : `T${clock}`}${zone}`)
  return Number.isFinite(ms) ? ms : null
}

/** `2026-11-01 08:00:00 +01:00` in the zone of this machine, whose offset may change from one line to the next. */
export function localTime(ms: number): string {
  const date = new Date(ms)
  const two = (number: number): string => String(number).padStart(2, '0')
  const offset = -date.getTimezoneOffset()
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`
}

/** `36 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function duration(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const
  const first = units.findIndex(([, length]) => seconds >= length)
  if (first < 0) return '0 s'
  const parts: string[] = []
  let rest = Math.round(seconds)
  for (const [name, length] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / length)
    rest -= count * length
    if (count > 0) parts.push(`${count} ${name}`)
  }
  return parts.join(' ')
}
