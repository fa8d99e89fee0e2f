/** Numbers as Prometheus' `humanize…` functions write them. Read next: functions.ts. */
import { formatFloat } from './float.ts'

const large = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']
const binary = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']
const small = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']

const four = (value: number): string => formatFloat(value, 'g', 4)

export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return four(value)
  return Math.abs(value) >= 1 ? scaledDown(value, 1_000, large) : scaledUp(value)
}

export function humanize1024(value: number): string {
  return Math.abs(value) <= 1 || !Number.isFinite(value) ? four(value) : scaledDown(value, 1_024, binary)
}

export function humanizePercentage(value: number): string {
  return `${four(value * 100)}%`
}

/** Seconds as days, hours, minutes and seconds; below a minute with four digits. */
export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return four(value)
  if (value === 0) return '0s'
  if (Math.abs(value) < 1) return `${scaledUp(value)}s`
  const sign = value < 0 ? '-' : ''
  const size = Math.abs(value)
  // Where Prometheus' own integers overflow.
  if (size >= 2 ** 63) return `${sign}${four(size)}s`
  const whole = Math.floor(size)
  const parts = [Math.floor(whole / 86_400), Math.floor(whole / 3_600) % 24, Math.floor(whole / 60) % 60, whole % 60] as const
  const first = parts.findIndex((part) => part !== 0)
  if (first < 0 || first === 3) return `${sign}${four(size)}s`
  const units = ['d', 'h', 'm', 's']
  return (
    sign +
    parts
      .map((part, index) => `${part}${units[index] ?? ''}`)
      .slice(first)
      .join(' ')
  )
}

/** Epoch seconds as a time of UTC, to the millisecond. */
export function humanizeTimestamp(value: number): string | null {
  if (!Number.isFinite(value)) return four(value)
  const ms = Math.trunc(value * 1_000)
  if (Math.abs(ms) > 8.64e15) return null
  const [date = '', time = ''] = new Date(ms).toISOString().slice(0, -1).split('T')
  const [clock = '', fraction = ''] = time.split('.')
  const decimals = fraction.replace(/0+$/, '')
  return `${date} ${clock}${decimals === '' ? '' : `.${decimals}`} +0000 UTC`
}

function scaledDown(value: number, by: number, prefixes: readonly string[]): string {
  let [scaled, prefix] = [value, '']
  for (const next of prefixes) {
    if (Math.abs(scaled) < by) break
    prefix = next
    scaled /= by
  }
  return four(scaled) + prefix
}

function scaledUp(value: number): string {
  let [scaled, prefix] = [value, '']
  for (const next of small) {
    if (Math.abs(scaled) >= 1) break
    prefix = next
    scaled *= 1_000
  }
  return four(scaled) + prefix
}
