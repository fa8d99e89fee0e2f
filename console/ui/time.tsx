/** Moments as people read them: how long ago, or by the clock of the reader's zone; on hover both that and UTC. */
import { useSyncExternalStore } from 'react'

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const inUtc = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' })

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** `at`: epoch milliseconds or ISO 8601. `relative`: how long ago, as of now. */
export function Time({ at, relative: asRelative = false }: Readonly<{ at: number | string; relative?: boolean }>) {
  const date = new Date(at)
  const nowMs = useSyncExternalStore(everyTick, () => tickMs)
  return (
    <time dateTime={date.toISOString()} title={`${absolute.format(date)}\n${inUtc.format(date)} UTC`}>
      {asRelative ? ago(date.getTime(), nowMs) : absolute.format(date)}
    </time>
  )
}

/** `5 min. ago`; in the words of the reader's language. */
export function ago(ms: number, nowMs: number): string {
  const distance = ms - nowMs
  const [unit, size] = units.find(([, unitMs]) => Math.abs(distance) >= unitMs) ?? ['second', 1_000]
  return relative.format(Math.round(distance / size), unit)
}

/** One clock for all of them. */
const everyMs = 10_000
let tickMs = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function everyTick(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    tickMs = Date.now()
    for (const each of listeners) each()
  }, everyMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
