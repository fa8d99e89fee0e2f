/** The time that the page shows, held by the address: so many hours up to now, or from one moment to another. Read next: range-bar.tsx. */
import { useMemo } from 'react'
import type { Span } from '../../data/monitor-time.ts'
import { useSearch } from '../../router/location.ts'

const hourMs = 3_600_000
export const presets = [
  ['1h', '1 h', hourMs],
  ['4h', '4 h', 4 * hourMs],
  ['1d', '1 d', 24 * hourMs],
  ['1w', '1 w', 7 * 24 * hourMs],
] as const
const [, [standardName, , standardMs]] = presets

/** Closer nothing is to be seen: sources answer points some seconds apart. */
const shortestMs = 60_000

export type Range = Span &
  Readonly<{
    /** Whether it moves along with now. */
    live: boolean
    lengthMs: number
    setPreset: (name: string) => void
    /** Epoch ms. */
    setBetween: (fromMs: number, toMs: number) => void
    /** Longer or shorter around its middle. */
    zoom: (factor: number) => void
    /** By a part of its length, backwards where it is negative. */
    move: (part: number) => void
  }>

export function useRange(): Range {
  const [search, setSearch] = useSearch()
  const given = [search.get('from') ?? '', search.get('to') ?? '', search.get('range') ?? ''] as const
  const [from, to, name] = given
  return useMemo(() => {
    const span = spanOf([from, to, name])
    const setBetween = (fromMs: number, toMs: number): void => {
      const middle = (fromMs + toMs) / 2
      const half = Math.max(toMs - fromMs, shortestMs) / 2
      const end = Math.min(Math.round(middle + half), Date.now())
      setSearch({ from: String(Math.round(middle - half)), to: String(end), range: null })
    }
    return {
      ...span,
      setPreset: (preset) => setSearch({ range: preset === standardName ? null : preset, from: null, to: null }),
      setBetween,
      zoom: (factor) => {
        const { fromMs, toMs } = span.spanNow()
        const more = ((toMs - fromMs) * (factor - 1)) / 2
        setBetween(fromMs - more, toMs + more)
      },
      move: (part) => {
        const { fromMs, toMs } = span.spanNow()
        const end = Math.min(toMs + span.lengthMs * part, Date.now())
        setBetween(end - (toMs - fromMs), end)
      },
    }
  }, [from, to, name, setSearch])
}

function spanOf([from, to, name]: readonly [string, string, string]): Span & Readonly<{ live: boolean; lengthMs: number }> {
  const [fromMs, toMs] = [Number(from), Number(to)]
  if (from !== '' && Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs < toMs) {
    return { name: `${fromMs}-${toMs}`, live: false, lengthMs: toMs - fromMs, spanNow: () => ({ fromMs, toMs }) }
  }
  const [known, , lengthMs] = presets.find(([preset]) => preset === name) ?? [standardName, '', standardMs]
  return {
    name: known,
    live: true,
    lengthMs,
    spanNow: () => {
      const now = Date.now()
      return { fromMs: now - lengthMs, toMs: now }
    },
  }
}
