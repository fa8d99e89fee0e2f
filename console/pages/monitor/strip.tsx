import { type KeyboardEvent, memo, useState } from 'react'
import type { Segment, Strip } from '../../data/monitor-time.ts'
import { otherColor, statusColors } from './colors.ts'

export type Pointed = Readonly<{ group: string; segment: Segment }>

type Given = Readonly<{
  strip: Strip
  fromMs: number
  toMs: number
  top: number
  picked: boolean
  onPick: () => void
  onPoint: (pointed: Pointed | null) => void
}>

/** One group: its name, which picks it, and its pieces, which arrow keys walk along. */
export const StripRow = memo(
  function StripRow({ strip: { group, status, cut, segments }, fromMs, toMs, top, picked, onPick, onPoint }: Given) {
    const [at, setAt] = useState(-1)
    const length = toMs - fromMs
    const go = (index: number): void => {
      const segment = segments[index]
      if (segment === undefined) return
      setAt(index)
      onPoint({ group, segment })
    }
    const onKey = (event: KeyboardEvent): void => {
      const to = { ArrowLeft: Math.max(0, at - 1), ArrowRight: at + 1, Home: 0, End: segments.length - 1 }[event.key]
      if (to === undefined) return
      event.preventDefault()
      go(to)
    }
    const name = group === '*' || group === '' ? 'all' : group
    return (
      <li className="strip" style={{ transform: `translateY(${top}px)` }}>
        <button
          type="button"
          className="strip-name"
          aria-pressed={picked}
          aria-label={`${name}: ${status ?? 'gone'}, ${segments.length - 1} changes${cut ? ' or more' : ''}. Arrow keys read them`}
          title={name}
          onClick={onPick}
          onKeyDown={onKey}
          onFocus={() => go(segments.length - 1)}
          onBlur={() => {
            setAt(-1)
            onPoint(null)
          }}
        >
          <svg width="9" height="9" aria-hidden="true">
            <circle cx="4.5" cy="4.5" r="4.5" style={{ fill: `var(${statusColors[status ?? ''] ?? otherColor})` }} />
          </svg>
          <span className="cut">{name}</span>
        </button>
        <svg
          className="strip-pieces"
          viewBox={`0 0 ${length} 1`}
          preserveAspectRatio="none"
          aria-hidden="true"
          onMouseMove={({ clientX, currentTarget }) => {
            const { left, width } = currentTarget.getBoundingClientRect()
            const segment = segmentAt(segments, fromMs + ((clientX - left) / width) * length)
            onPoint(segment === undefined ? null : { group, segment })
          }}
          onMouseLeave={() => onPoint(null)}
        >
          {segments.map((segment, index) => (
            <rect
              key={segment.from}
              className={`strip-piece${index === at ? ' strip-piece-at' : ''}`}
              x={Date.parse(segment.from) - fromMs}
              y="0"
              width={Math.max(Date.parse(segment.to) - Date.parse(segment.from), length / 600)}
              height="1"
              style={{ fill: `var(${statusColors[segment.status] ?? otherColor})` }}
            />
          ))}
        </svg>
      </li>
    )
  },
  (one, other) =>
    one.strip === other.strip &&
    one.fromMs === other.fromMs &&
    one.toMs === other.toMs &&
    one.top === other.top &&
    one.picked === other.picked,
)

function segmentAt(segments: readonly Segment[], atMs: number): Segment | undefined {
  return segments.findLast(({ from, to }) => Date.parse(from) <= atMs && atMs <= Date.parse(to))
}
