import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Downtime, occurrencesQuery } from '../../data/downtimes.ts'
import { useCommands } from '../../shell/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/notes.tsx'
import './calendar.css'
import { daysFrom, fill } from './weeks.ts'
import { spanText, titleOf } from './words.ts'

const weeksShown = 5
/** More of a day are a number. */
const shownADay = 3
const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dayName = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const fullDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' })
const shortDay = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

type Given = Readonly<{ downtimes: readonly Downtime[]; onOpen: (downtime: Downtime) => void }>

/** The coming weeks, with what holds on each day; a click opens it. */
export function Calendar({ downtimes, onOpen }: Given) {
  const [skip, setSkip] = useState(0)
  const empty = daysFrom(Date.now(), skip, weeksShown)
  const [first, last] = [empty[0]?.startMs ?? 0, empty.at(-1)?.endMs ?? 0]
  const { data, error } = useQuery(occurrencesQuery(first, last))
  const known = new Map(downtimes.map((downtime) => [downtime.id, downtime]))
  const days = fill(empty, data?.occurrences.filter(({ id }) => known.has(id)) ?? [])
  const today = Date.now()
  useCommands([
    { id: 'weeks-on', label: 'Later weeks', group: 'Downtimes', keys: ']', run: () => setSkip(skip + weeksShown) },
    { id: 'weeks-back', label: 'Earlier weeks', group: 'Downtimes', keys: '[', run: () => setSkip(skip - weeksShown) },
  ])
  return (
    <section className="calendar" aria-label="Calendar">
      <div className="calendar-top">
        <h2>
          {shortDay.format(first)} – {shortDay.format(last - 1)}
        </h2>
        <Button kind="quiet" aria-label="Earlier weeks" onClick={() => setSkip(skip - weeksShown)}>
          ‹
        </Button>
        <Button kind="quiet" aria-label="Later weeks" onClick={() => setSkip(skip + weeksShown)}>
          ›
        </Button>
        {skip === 0 ? null : <Button onClick={() => setSkip(0)}>Today</Button>}
        {data?.cut === true ? <span className="soft">There are more than can be shown.</span> : null}
      </div>
      {error === null ? null : <Problem error={error} />}
      <ol className="calendar-days">
        {days.map(({ startMs, endMs, occurrences }) => (
          <li
            key={startMs}
            className={`calendar-day${startMs <= today && today < endMs ? ' calendar-today' : ''}${endMs <= today ? ' calendar-past' : ''}`}
          >
            <p>
              <span className="visually-hidden">{fullDay.format(startMs)}</span>
              <span aria-hidden="true">
                <span className="soft">{dayName.format(startMs)}</span>{' '}
                {new Date(startMs).getDate() === 1 ? shortDay.format(startMs) : new Date(startMs).getDate()}
              </span>
            </p>
            {occurrences.slice(0, shownADay).map(({ id, start, end }) => {
              const downtime = known.get(id)
              return downtime === undefined ? null : (
                <button
                  key={`${id}-${start}`}
                  type="button"
                  className={`calendar-entry calendar-${downtime.attributes.status}`}
                  title={`${titleOf(downtime)}\n${spanText({ start, end })}`}
                  onClick={() => onOpen(downtime)}
                >
                  {Date.parse(start) < startMs ? '…' : hour.format(new Date(start))} {titleOf(downtime)}
                </button>
              )
            })}
            {occurrences.length > shownADay ? <p className="soft">and {occurrences.length - shownADay} more</p> : null}
          </li>
        ))}
      </ol>
    </section>
  )
}
