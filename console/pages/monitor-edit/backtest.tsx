/** What it would have done: told as it is written, by the engine's own rules. */
import { useQuery } from '@tanstack/react-query'
import { backtestQuery, type Report } from '../../data/editor.ts'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Status } from '../../ui/status.tsx'
import { Time } from '../../ui/time.tsx'
import './backtest.css'
import { type Draft, definitionOf } from './draft.ts'
import { spanText } from './query-field.tsx'
import { Ranges } from './ranges.tsx'

const episodesShown = 5

export function Backtest({
  settled,
  isOld,
  id,
  hours,
  onHours,
}: Readonly<{ settled: Draft | null; isOld: boolean; id: number | null; hours: number; onHours: (hours: number) => void }>) {
  // A name is no reason to wait, and its own id has the times of its own slots.
  const definition =
    settled === null ? {} : { ...definitionOf(settled), name: settled.name.trim() || 'New monitor', ...(id === null ? {} : { id }) }
  const { data, error, isFetching } = useQuery({ ...backtestQuery(definition, hours), enabled: settled !== null })
  return (
    <section className="panel" aria-labelledby="backtest-title" aria-busy={isFetching}>
      <header>
        <h2 id="backtest-title">Backtest</h2>
        <Ranges label="Time that is judged" hours={hours} onHours={onHours} />
      </header>
      {error === null ? null : <Problem error={error} />}
      {isOld && settled !== null ? <p className="soft small">Something is wrong on this page: this is of how it was before.</p> : null}
      {data === undefined ? error === null ? <Skeleton rows={3} /> : null : <Outcome report={data} />}
    </section>
  )
}

function Outcome({ report }: Readonly<{ report: Report }>) {
  const { summary, notes, would_have: would, notifications } = report
  const episodes = would.episodes
    .toSorted((one, other) => Number(other.worst === 'Alert') - Number(one.worst === 'Alert'))
    .slice(0, episodesShown)
  const more = would.episodes.length + would.episodes_left_out - episodes.length
  return (
    <>
      <p className="backtest-summary" role="status">
        It {summary}.
      </p>
      {notifications.length === 0 ? null : (
        <ul className="backtest-told">
          {notifications.map(({ receiver, known, count }) => (
            <li key={receiver} className={known ? undefined : 'field-warning'}>
              <span className="mono">@{receiver}</span> {count} {count === 1 ? 'message' : 'messages'}
              {known ? '' : ': nobody is configured as that'}
            </li>
          ))}
        </ul>
      )}
      <ul className="backtest-episodes">
        {episodes.map(({ group, worst, triggered_at: at, recovered_at: over, duration_s: seconds }) => (
          <li key={`${group} ${at}`}>
            <Status status={worst} />
            <span className="cut mono">{group === '*' ? 'everything' : group}</span>
            <span className="soft small">
              <Time at={at} relative /> · {over === null ? 'still so' : spanText(seconds)}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="soft small">and {more} more</p> : null}
      {notes.map((note) => (
        <p key={note} className="soft small">
          {note}
        </p>
      ))}
    </>
  )
}
