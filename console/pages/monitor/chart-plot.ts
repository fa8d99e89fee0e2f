/**
 * The lines on the canvas, by uPlot, with what lies over them. Made anew where data, size or colours are others; marking a time asks for it.
 * Never asks for data. Read next: chart.tsx, overlays.ts.
 */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Drawn } from '../../data/monitor-time.ts'
import { colorsOf, otherColor, statusColors } from './colors.ts'
import type { Overlays } from './overlays.ts'
import { paintBands, paintLines, paintMarks } from './paint.ts'
import { valueText } from './words.ts'

export type Shown = Readonly<{ drawn: Drawn; overlays: Overlays; fromMs: number; toMs: number }>

export type Plot = Readonly<{ show: (shown: Shown) => void; close: () => void }>

type Heard = Readonly<{
  /** The point under the pointer; null = none. */
  onPoint: (index: number | null) => void
  /** Epoch ms. */
  onBrush: (fromMs: number, toMs: number) => void
}>

const heightPx = 260
/** So many lines hide each other unless they are thin. */
const manyLines = 12
/** A click isn't a time. */
const brushPx = 6
export const lineColors = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'] as const

export function openPlot(holder: HTMLElement, heard: Heard): Plot {
  let plot: uPlot | null = null
  let shown: Shown | null = null
  const draw = (): void => {
    if (shown === null || holder.clientWidth === 0) return
    plot?.destroy()
    plot = new uPlot(optionsOf(holder, shown, heard), dataOf(shown.drawn), holder)
  }
  const resized = new ResizeObserver(draw)
  resized.observe(holder)
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', draw)
  return {
    show: (next) => {
      shown = next
      draw()
    },
    close: () => {
      resized.disconnect()
      scheme.removeEventListener('change', draw)
      plot?.destroy()
    },
  }
}

function dataOf({ start, step_s: step, points, groups }: Drawn): uPlot.AlignedData {
  const times = Array.from({ length: points }, (_, index) => start / 1_000 + index * step)
  return [times, ...groups.map(({ values }) => [...values])]
}

/** All values and lines, with some room. */
function rangeOf({ drawn, overlays }: Shown): [number, number] {
  if (drawn.values === 'levels') return [-0.2, 2.2]
  const values = [...overlays.lines.map(({ value }) => value), ...drawn.groups.flatMap((each) => each.values.filter((it) => it !== null))]
  if (values.length === 0) return [0, 1]
  const low = values.reduce((one, other) => Math.min(one, other))
  const high = values.reduce((one, other) => Math.max(one, other))
  const room = high === low ? Math.abs(high) / 2 || 1 : (high - low) * 0.08
  return [low >= 0 && low - room < 0 ? 0 : low - room, high + room]
}

const dayMs = 86_400_000
const hours = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const days = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

/** The hour; the day where a day begins, or where hours say nothing. */
function timeText(ms: number, lengthMs: number): string {
  const date = new Date(ms)
  const midnight = date.getHours() === 0 && date.getMinutes() === 0
  return midnight || lengthMs > 4 * dayMs ? days.format(date) : hours.format(date)
}

const levels = ['OK', 'Warn', 'Alert']

function optionsOf(holder: HTMLElement, shown: Shown, { onPoint, onBrush }: Heard): uPlot.Options {
  const { drawn, overlays, fromMs, toMs } = shown
  const color = colorsOf(holder)
  const style = getComputedStyle(holder)
  const axis = {
    stroke: color('--ink-soft'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  }
  const axisPx = Number.parseInt(style.getPropertyValue('--axis'), 10) || 56
  const many = drawn.groups.length > manyLines
  const textOf = (value: number): string => (drawn.values === 'levels' ? (levels[value] ?? '') : valueText(value, drawn.unit))
  return {
    width: holder.clientWidth,
    height: heightPx,
    padding: [14, 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 5 } },
    scales: { x: { range: () => [fromMs / 1_000, toMs / 1_000] }, y: { range: () => rangeOf(shown) } },
    axes: [
      { ...axis, space: 84, values: (_, ticks) => ticks.map((tick) => timeText(tick * 1_000, toMs - fromMs)) },
      { ...axis, size: axisPx, values: (_, ticks) => ticks.map(textOf) },
    ],
    series: [
      {},
      ...drawn.groups.map(({ group }, index) => ({
        label: group,
        stroke: color(lineColors[index % lineColors.length] ?? otherColor),
        width: many ? 1 : 1.5,
        alpha: many ? 0.55 : 1,
        spanGaps: false,
        points: { show: drawn.points < 3 },
      })),
    ],
    hooks: {
      drawClear: [(u) => paintBands(u, overlays.bands, color('--line-strong'))],
      draw: [
        (u) => {
          if (drawn.values === 'numbers') paintLines(u, overlays.lines, color, style.fontFamily)
          paintMarks(u, overlays.marks, (status) => color(statusColors[status] ?? otherColor))
        },
      ],
      setCursor: [(u) => onPoint(u.cursor.idx ?? null)],
      setSelect: [
        (u) => {
          if (u.select.width < brushPx) return
          const [from, to] = [u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')]
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          onBrush(from * 1_000, to * 1_000)
        },
      ],
    },
  }
}
