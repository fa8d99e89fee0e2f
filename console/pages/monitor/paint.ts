/** Paints what lies over the lines on uPlot's canvas, in its own pixels. Read next: chart-plot.ts, overlays.ts. */
import type uPlot from 'uplot'
import type { Band, Line, Mark } from './overlays.ts'

const hatchPx = 7

/** Downtimes: hatched, below everything. */
export function paintBands(u: uPlot, bands: readonly Band[], color: string): void {
  const { left, top, width, height } = u.bbox
  const xOf = (at: number): number => Math.max(left, Math.min(left + width, u.valToPos(at, 'x', true)))
  for (const { from, to } of bands) {
    const start = xOf(from)
    const end = to === Number.POSITIVE_INFINITY ? xOf(u.scales.x?.max ?? from) : xOf(to)
    if (end <= start) continue
    u.ctx.save()
    u.ctx.beginPath()
    u.ctx.rect(start, top, end - start, height)
    u.ctx.clip()
    u.ctx.strokeStyle = color
    u.ctx.globalAlpha = 0.45
    u.ctx.lineWidth = 1
    u.ctx.beginPath()
    const step = hatchPx * devicePixelRatio
    for (let x = start - height; x < end; x += step) {
      u.ctx.moveTo(x, top + height)
      u.ctx.lineTo(x + height, top)
    }
    u.ctx.stroke()
    u.ctx.restore()
  }
}

/** Thresholds dashed, recoveries dotted, each with its name at the right. */
export function paintLines(u: uPlot, lines: readonly Line[], color: (name: string) => string, family: string): void {
  const { left, width, top, height } = u.bbox
  for (const { value, label, color: name, recovery } of lines) {
    const y = Math.round(u.valToPos(value, 'y', true))
    if (y < top || y > top + height) continue
    u.ctx.save()
    u.ctx.strokeStyle = color(name)
    u.ctx.fillStyle = color(name)
    u.ctx.lineWidth = devicePixelRatio * (recovery ? 1 : 1.5)
    u.ctx.setLineDash((recovery ? [2, 4] : [7, 4]).map((px) => px * devicePixelRatio))
    u.ctx.beginPath()
    u.ctx.moveTo(left, y)
    u.ctx.lineTo(left + width, y)
    u.ctx.stroke()
    u.ctx.font = `600 ${10.5 * devicePixelRatio}px ${family}`
    u.ctx.textAlign = recovery ? 'left' : 'right'
    const x = recovery ? left + 4 * devicePixelRatio : left + width - 4 * devicePixelRatio
    // Words stay readable over whatever lines pass there.
    u.ctx.setLineDash([])
    u.ctx.lineJoin = 'round'
    u.ctx.lineWidth = 4 * devicePixelRatio
    u.ctx.strokeStyle = color('--ground-raised')
    u.ctx.strokeText(label, x, y - 4 * devicePixelRatio)
    u.ctx.fillText(label, x, y - 4 * devicePixelRatio)
    u.ctx.restore()
  }
}

/** Each change of a status, as a tick at the top. */
export function paintMarks(u: uPlot, marks: readonly Mark[], color: (status: string) => string): void {
  const { left, top, width } = u.bbox
  const tall = 8 * devicePixelRatio
  for (const { at, status } of marks) {
    const x = u.valToPos(at, 'x', true)
    if (x < left || x > left + width) continue
    u.ctx.fillStyle = color(status)
    u.ctx.fillRect(x - devicePixelRatio, top - tall, 2 * devicePixelRatio, tall)
  }
}
