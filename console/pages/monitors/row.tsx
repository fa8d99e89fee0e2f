import { memo } from 'react'
import type { ListedMonitor } from '../../data/monitors.ts'
import { Link } from '../../router/link.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'

type Given = Readonly<{
  monitor: ListedMonitor
  index: number
  top: number
  active: boolean
  chosen: boolean
  onChoose: (monitor: ListedMonitor) => void
  onActive: (index: number) => void
  onTag: (tag: string) => void
}>

/** More are on the monitor's own page. */
const tagsShown = 3

export const MonitorRow = memo(function MonitorRow({ monitor, index, top, active, chosen, onChoose, onActive, onTag }: Given) {
  const { id, name, status, tags, classification, priority, muted, last_triggered_ts: triggered } = monitor
  const more = tags.slice(tagsShown)
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen}
      className={`monitor-row${active ? ' monitor-active' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={() => onActive(index)}
    >
      <span role="cell" className="monitor-choose">
        <input type="checkbox" aria-label={`Choose ${name}`} checked={chosen} onChange={() => onChoose(monitor)} />
      </span>
      <span role="cell">
        <Status status={status} />
      </span>
      <span role="cell" className="monitor-name">
        <Link href={`/monitors/${id}`} className="monitor-link cut" title={name}>
          {name}
        </Link>
        {priority === null ? null : <span className="monitor-priority">P{priority}</span>}
        {muted ? (
          <span className="soft" title="Muted">
            <Icon name="muted" />
            <span className="visually-hidden">Muted</span>
          </span>
        ) : null}
      </span>
      <span role="cell" className="monitor-tags">
        {tags.slice(0, tagsShown).map((tag) => (
          <Tag key={tag} tag={tag} onPick={onTag} />
        ))}
        {more.length === 0 ? null : (
          <span className="soft small" title={more.join('\n')}>
            +{more.length}
          </span>
        )}
      </span>
      <span role="cell" className="soft cut">
        {classification.replaceAll('_', ' ')}
      </span>
      <span role="cell" className="soft cut">
        {triggered === null ? '' : <Time at={triggered * 1_000} relative />}
      </span>
    </div>
  )
})

/** A row whose page isn't there yet: as high as one that is. */
export function RowPlace({ index, top }: Readonly<{ index: number; top: number }>) {
  return (
    <div role="row" aria-rowindex={index + 2} className="monitor-row" style={{ transform: `translateY(${top}px)` }}>
      <span role="cell" className="visually-hidden">
        Loading
      </span>
    </div>
  )
}
