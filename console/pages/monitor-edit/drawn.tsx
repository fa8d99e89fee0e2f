/** The last hours of the query with its thresholds, for as long as it can be read. Read next: chart.tsx. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Definition, drawingQuery } from '../../data/editor.ts'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Chart } from './chart.tsx'
import { type Draft, type ThresholdName, thresholdsOf } from './draft.ts'
import { spanText } from './query-field.tsx'
import { Ranges } from './ranges.tsx'
import { valueText } from './thresholds.ts'
import './drawn.css'

/** What changes what is drawn. */
const drawnOptions = ['interval', 'evaluation_delay', 'datasource', 'variables', 'scheduling_options', 'require_full_window']
const rowsMax = 6

export function Drawn({
  draft,
  settled,
  isOld,
  hours,
  onHours,
  onMove,
}: Readonly<{
  draft: Draft
  /** As it could last be read; null = not yet. */
  settled: Draft | null
  /** What is written now can't be read. */
  isOld: boolean
  hours: number
  onHours: (hours: number) => void
  onMove: (name: ThresholdName, value: number) => void
}>) {
  const definition = settled === null ? {} : drawnOf(settled)
  const { data, error } = useQuery({ ...drawingQuery(definition, hours), enabled: settled !== null })
  const lines = useMemo(() => thresholdsOf(draft), [draft])
  const rest = data === undefined ? 0 : data.groups.length + data.groups_left_out - rowsMax
  return (
    <section className="panel" aria-labelledby="drawn-title">
      <header>
        <h2 id="drawn-title">As evaluations saw it</h2>
        <Ranges label="Time that is drawn" hours={hours} onHours={onHours} />
      </header>
      {error === null ? null : <Problem error={error} />}
      {isOld && settled !== null ? <p className="soft small">The query can’t be read: this is of it as it was before.</p> : null}
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={1} height={240} />
        ) : null
      ) : (
        <Chart drawing={data} lines={lines} onMove={onMove} />
      )}
      {data === undefined ? null : (
        <>
          {data.groups.length === 0 ? <p className="soft">No data in this time. {data.notes.join(' ')}</p> : null}
          <ul className="drawn-groups">
            {data.groups.slice(0, rowsMax).map(({ group, last }, index) => (
              <li key={group}>
                <span className={`drawn-key drawn-key-${(index % 6) + 1}`} />
                <span className="cut mono">{group === '*' ? 'everything' : group}</span>
                <span className="mono">{last === null ? '–' : valueText(last, data.unit)}</span>
              </li>
            ))}
          </ul>
          <p className="soft small">
            {rest > 0 ? `and ${rest} more groups · ` : ''}a point every {spanText(data.step_s)}, from {data.source}
            {data.groups.length > 0 ? data.notes.map((note) => ` · ${note}`).join('') : ''}
          </p>
        </>
      )}
    </section>
  )
}

function drawnOf({ type, query, tags, options }: Draft): Definition {
  return { type, query, tags, options: Object.fromEntries(Object.entries(options).filter(([name]) => drawnOptions.includes(name))) }
}
