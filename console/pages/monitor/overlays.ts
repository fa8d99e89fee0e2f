/** What lies over the lines: thresholds, downtimes, changes of statuses. Pure. Read next: chart-plot.ts. */
import type { Drawn, Held, Strip } from '../../data/monitor-time.ts'

export type Line = Readonly<{ value: number; label: string; color: string; recovery: boolean }>
/** Epoch seconds, as charts have it. */
export type Band = Readonly<{ from: number; to: number }>
export type Mark = Readonly<{ at: number; status: string }>
export type Overlays = Readonly<{ lines: readonly Line[]; bands: readonly Band[]; marks: readonly Mark[] }>

/** More are one smear of colour. */
const marksMax = 2_000

export function overlaysOf(drawn: Drawn, strips: readonly Strip[], downtimes: readonly Held[], group: string | null): Overlays {
  const { critical, warning, critical_recovery: criticalBack, warning_recovery: warningBack } = drawn.thresholds
  const line = (value: number | null, label: string, color: string, recovery: boolean): Line[] =>
    value === null ? [] : [{ value, label, color, recovery }]
  const shown = group === null ? strips : strips.filter((strip) => strip.group === group)
  const marks = shown.flatMap(({ segments }) => segments.slice(1).map(({ from, status }) => ({ at: Date.parse(from) / 1_000, status })))
  return {
    lines: [
      ...line(critical, 'Alert', '--alert', false),
      ...line(warning, 'Warn', '--warn', false),
      ...line(criticalBack, 'Alert recovers', '--alert', true),
      ...line(warningBack, 'Warn recovers', '--warn', true),
    ],
    bands: downtimes.map(({ from, to }) => ({
      from: Date.parse(from) / 1_000,
      to: to === null ? Number.POSITIVE_INFINITY : Date.parse(to) / 1_000,
    })),
    marks: marks.slice(-marksMax),
  }
}
