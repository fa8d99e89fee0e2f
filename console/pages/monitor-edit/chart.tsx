/**
 * The query drawn, with thresholds as lines that can be moved: by the pointer, or by arrow keys where one has the focus.
 * Never asks for data. Read next: chart-plot.ts, thresholds.ts.
 */
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Drawing } from '../../data/editor.ts'
import { openPlot, type Placed, type Plot } from './chart-plot.ts'
import './chart.css'
import type { ThresholdName } from './draft.ts'
import { numberText, roundTo, thresholdLabels, thresholdNames } from './thresholds.ts'

export type Lines = Readonly<Partial<Record<ThresholdName, number>>>

export function Chart({
  drawing,
  lines,
  onMove,
}: Readonly<{ drawing: Drawing; lines: Lines; onMove: (name: ThresholdName, value: number) => void }>) {
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot | null>(null)
  const [placed, setPlaced] = useState<Placed | null>(null)
  useEffect(() => {
    if (holder.current === null) return
    const opened = openPlot(holder.current, setPlaced)
    plot.current = opened
    return () => {
      opened.close()
      plot.current = null
    }
  }, [])
  useEffect(() => plot.current?.show(drawing, lines), [drawing, lines])
  return (
    <div className="chart">
      <div ref={holder} className="chart-plot" role="img" aria-label={summaryOf(drawing)} />
      {placed === null || drawing.values === 'levels'
        ? null
        : thresholdNames.flatMap((name) => {
            const value = lines[name]
            return value === undefined
              ? []
              : [<Handle key={name} {...{ name, value, placed, onMove }} hold={(held) => plot.current?.hold(held)} />]
          })}
    </div>
  )
}

function Handle({
  name,
  value,
  placed,
  hold,
  onMove,
}: Readonly<{
  name: ThresholdName
  value: number
  placed: Placed
  hold: (held: boolean) => void
  onMove: (name: ThresholdName, value: number) => void
}>) {
  const { top, height, min, max } = placed
  const share = max === min ? 0.5 : (max - value) / (max - min)
  const step = roundTo((max - min) / 100, 1)
  const move = (next: number): void => onMove(name, roundTo(next, 3))
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key]
    if (steps === undefined) return
    event.preventDefault()
    move(value + steps * step)
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = event.currentTarget.parentElement?.getBoundingClientRect()
    if (box === undefined) return
    const at = Math.min(1, Math.max(0, (event.clientY - box.top - top) / height))
    move(max - at * (max - min))
  }
  const release = (): void => hold(false)
  return (
    <div
      className={`chart-handle chart-handle-${name}`}
      role="slider"
      tabIndex={0}
      aria-label={`${thresholdLabels[name]} threshold`}
      aria-orientation="vertical"
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      style={{ top: top + Math.min(1, Math.max(0, share)) * height }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        hold(true)
      }}
      onPointerMove={onPointerMove}
      onPointerUp={release}
      onPointerCancel={release}
    >
      <span>
        {thresholdLabels[name]} {numberText(value)}
      </span>
    </div>
  )
}

function summaryOf({ groups, groups_left_out: left, step_s: step }: Drawing): string {
  const many = groups.length + left
  const newest = groups.slice(0, 3).map(({ group, last }) => `${group} ${last === null ? 'without data' : numberText(last)}`)
  return `${many} ${many === 1 ? 'group' : 'groups'}, a point every ${step} s; now ${newest.join(', ')}`
}
