/** The query over the time that is shown, and a legend that says what the lines are at the pointer. Read next: chart-plot.ts. */
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Drawn, Held, Strip } from '../../data/monitor-time.ts'
import { lineColors, openPlot, type Plot } from './chart-plot.ts'
import './chart.css'
import { overlaysOf } from './overlays.ts'
import type { Range } from './range.ts'
import { clockText, valueText } from './words.ts'

type Given = Readonly<{
  drawn: Drawn
  strips: readonly Strip[]
  downtimes: readonly Held[]
  range: Range
  group: string | null
  onGroup: (group: string | null) => void
}>

export function Chart({ drawn, strips, downtimes, range, group, onGroup }: Given) {
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot | null>(null)
  const brushed = useRef(range.setBetween)
  brushed.current = range.setBetween
  const [point, setPoint] = useState<number | null>(null)
  const overlays = useMemo(() => overlaysOf(drawn, strips, downtimes, group), [drawn, strips, downtimes, group])

  useEffect(() => {
    if (holder.current === null) return
    const opened = openPlot(holder.current, { onPoint: setPoint, onBrush: (from, to) => brushed.current(from, to) })
    plot.current = opened
    return () => opened.close()
  }, [])
  useEffect(() => {
    plot.current?.show({ drawn, overlays, fromMs: Date.parse(drawn.from), toMs: Date.parse(drawn.to) })
  }, [drawn, overlays])

  const at = point === null ? null : drawn.start + point * drawn.step_s * 1_000
  return (
    <div className="drawn">
      <div className="drawn-legend">
        <p className="soft small drawn-when">{at === null ? 'Now' : clockText(at)}</p>
        <ul aria-label="Groups drawn">
          {drawn.groups.map(({ group: name, values, last }, index) => (
            <li key={name}>
              <button type="button" aria-pressed={group === name} title={name} onClick={() => onGroup(group === name ? null : name)}>
                <svg width="10" height="10" aria-hidden="true">
                  <rect width="10" height="10" rx="2" style={{ fill: `var(${lineColors[index % lineColors.length]})` }} />
                </svg>
                <span className="cut">{name === '' || name === '*' ? 'all' : name}</span>
                <span className="drawn-value">
                  {valueText(point === null ? (last ?? newestOf(values)) : (values[point] ?? null), drawn.unit)}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {drawn.groups_left_out > 0 ? <p className="soft small">and {drawn.groups_left_out} more, farther from an alert</p> : null}
        {group === null ? null : (
          <button type="button" className="drawn-all" onClick={() => onGroup(null)}>
            All groups
          </button>
        )}
      </div>
      <div ref={holder} className="drawn-plot" role="img" aria-label={summaryOf(drawn)} onDoubleClick={() => range.zoom(3)} />
    </div>
  )
}

const spoken = 3

function summaryOf({ groups, groups_left_out: left, unit }: Drawn): string {
  const newest = groups.slice(0, spoken).map(({ group, last }) => `${group} ${last === null ? 'without data' : valueText(last, unit)}`)
  const count = groups.length + left
  return `The query over this time: ${count} ${count === 1 ? 'group' : 'groups'}; now ${newest.join(', ')}`
}

/** The newest point may not be complete yet. */
const newestOf = (values: readonly (number | null)[]): number | null => values.findLast((value) => value !== null) ?? null
