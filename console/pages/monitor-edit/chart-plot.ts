/** The lines on the canvas, by uPlot: made anew where data, size or colours are others. Read next: chart.tsx. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Drawing } from '../../data/editor.ts'
import type { Lines } from './chart.tsx'
import { valueText } from './thresholds.ts'

/** Where values lie on the page, in pixels of the holder. */
export type Placed = Readonly<{ top: number; height: number; min: number; max: number }>

export type Plot = Readonly<{
  show: (drawing: Drawing, lines: Lines) => void
  /** While a line is moved the scale stays. */
  hold: (held: boolean) => void
  close: () => void
}>

const heightPx = 240

export function openPlot(holder: HTMLElement, onPlaced: (placed: Placed) => void): Plot {
  let plot: uPlot | null = null
  let shown: Readonly<{ drawing: Drawing; lines: Lines }> | null = null
  let held: Readonly<{ min: number; max: number }> | null = null

  const draw = (): void => {
    if (shown === null || holder.clientWidth === 0) return
    plot?.destroy()
    const range = held ?? rangeOf(shown.drawing, shown.lines)
    plot = new uPlot(optionsOf(holder, shown, range), dataOf(shown.drawing), holder)
    const ratio = devicePixelRatio
    onPlaced({ top: plot.bbox.top / ratio, height: plot.bbox.height / ratio, ...range })
  }
  const resized = new ResizeObserver(draw)
  resized.observe(holder)
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', draw)

  return {
    show: (drawing, lines) => {
      shown = { drawing, lines }
      draw()
    },
    hold: (on) => {
      held = on && shown !== null ? rangeOf(shown.drawing, shown.lines) : null
      if (!on) draw()
    },
    close: () => {
      resized.disconnect()
      scheme.removeEventListener('change', draw)
      plot?.destroy()
    },
  }
}

function dataOf({ start, step_s: step, points, groups }: Drawing): uPlot.AlignedData {
  const times = Array.from({ length: points }, (_, index) => start / 1_000 + index * step)
  return [times, ...groups.map(({ values }) => [...values])]
}

/** All values and lines, with some room. */
function rangeOf({ groups }: Drawing, lines: Lines): { min: number; max: number } {
  const values = [...Object.values(lines), ...groups.flatMap(({ values: of }) => of.filter((value) => value !== null))]
  if (values.length === 0) return { min: 0, max: 1 }
  const [low, high] = [values.reduce((one, other) => Math.min(one, other)), values.reduce((one, other) => Math.max(one, other))]
  const room = high === low ? Math.abs(high) / 2 || 1 : (high - low) * 0.08
  return { min: low >= 0 && low - room < 0 ? 0 : low - room, max: high + room }
}

const lineColors = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6']

function optionsOf(
  holder: HTMLElement,
  { drawing, lines }: Readonly<{ drawing: Drawing; lines: Lines }>,
  range: Readonly<{ min: number; max: number }>,
): uPlot.Options {
  const color = colorsOf(holder)
  const font = `11px ${getComputedStyle(holder).fontFamily}`
  const axis = { stroke: color('--ink-soft'), font, grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } }
  return {
    width: holder.clientWidth,
    height: heightPx,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: () => [range.min, range.max] } },
    axes: [
      { ...axis, space: 70 },
      { ...axis, size: 62, values: (_, ticks) => ticks.map((value) => valueText(value, drawing.unit)) },
    ],
    series: [
      {},
      ...drawing.groups.map(({ group }, index) => ({
        label: group,
        stroke: color(lineColors[index % lineColors.length] ?? '--chart-1'),
        width: 1.5,
        spanGaps: false,
        points: { show: drawing.points < 3 },
      })),
    ],
    hooks: {
      drawClear: [
        (u) => {
          shade(u, drawing.comparator, lines.critical, range, color('--alert-ground'))
          shade(u, drawing.comparator, lines.warning, range, color('--warn-ground'), lines.critical)
        },
      ],
    },
  }
}

/** What lies beyond a line, up to the next worse one. */
function shade(
  u: uPlot,
  comparator: string,
  line: number | undefined,
  { min, max }: Readonly<{ min: number; max: number }>,
  color: string,
  until?: number,
): void {
  if (line === undefined || comparator === '==' || comparator === '!=') return
  const end = until ?? (comparator.startsWith('<') ? min : max)
  const [from, to] = [u.valToPos(line, 'y', true), u.valToPos(end, 'y', true)]
  u.ctx.save()
  u.ctx.fillStyle = color
  u.ctx.fillRect(u.bbox.left, Math.min(from, to), u.bbox.width, Math.abs(to - from))
  u.ctx.restore()
}

const colorNames = [...lineColors, '--ink-soft', '--line', '--alert-ground', '--warn-ground']

/** A canvas knows no variables: an element says what each is in the scheme of now. */
function colorsOf(holder: HTMLElement): (name: string) => string {
  const probe = document.createElement('span')
  holder.append(probe)
  const known = new Map(
    colorNames.map((name) => {
      probe.style.color = `var(${name})`
      return [name, getComputedStyle(probe).color] as const
    }),
  )
  probe.remove()
  return (name) => known.get(name) ?? 'currentColor'
}
