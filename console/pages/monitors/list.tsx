/**
 * Monitors as rows, thousands of them: only those that are seen are drawn, and only their pages are asked for.
 * Read next: row.tsx, ../../data/monitors.ts.
 */
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { MonitorListSearch } from '../../data/keys.ts'
import { type ListedMonitor, monitorPageQuery, monitorsPerPage } from '../../data/monitors.ts'
import { navigate } from '../../router/location.ts'
import { useCommands } from '../../shell/commands.ts'
import { Empty, Problem, Skeleton } from '../../ui/notes.tsx'
import './list.css'
import { MonitorRow, RowPlace } from './row.tsx'
import { SortButton } from './sort-button.tsx'

const rowPx = 40
/** Drawn beyond what is seen, so that scrolling shows no gaps. */
const overscan = 12

export type Selection = Readonly<{
  chosen: ReadonlyMap<number, ListedMonitor>
  toggle: (monitor: ListedMonitor) => void
  /** Everything that is found, or nothing. */
  toggleAll: () => void
  /** Where the keys are: the index of a row. */
  active: number
  setActive: (index: number) => void
}>

type Given = Readonly<{
  search: MonitorListSearch
  selection: Selection
  onSort: (sort: string) => void
  onTag: (tag: string) => void
}>

export function MonitorList({ search, selection, onSort, onTag }: Given) {
  const scroller = useRef<HTMLDivElement>(null)
  const first = useQuery({ ...monitorPageQuery(search, 0), placeholderData: keepPreviousData })
  const total = first.data?.metadata.total_count ?? 0
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan })
  const items = virtual.getVirtualItems()
  const pages = [...new Set(items.map(({ index }) => Math.floor(index / monitorsPerPage)))].filter((page) => page > 0)
  const others = useQueries({ queries: pages.map((page) => monitorPageQuery(search, page)) })
  const at = (index: number): ListedMonitor | undefined => {
    const page = Math.floor(index / monitorsPerPage)
    const data = page === 0 ? first.data : others[pages.indexOf(page)]?.data
    return data?.monitors[index % monitorsPerPage]
  }

  const { active, setActive, toggle, toggleAll, chosen } = selection
  const move = (step: number): void => {
    const next = Math.max(0, Math.min(total - 1, active + step))
    setActive(next)
    virtual.scrollToIndex(next)
  }
  const withActive = (act: (monitor: ListedMonitor) => void) => (): void => {
    const monitor = at(active)
    if (monitor !== undefined) act(monitor)
  }
  useCommands([
    { id: 'next-monitor', label: 'Next monitor', group: 'Monitors', keys: 'j', run: () => move(1) },
    { id: 'previous-monitor', label: 'Previous monitor', group: 'Monitors', keys: 'k', run: () => move(-1) },
    { id: 'choose-monitor', label: 'Choose it', group: 'Monitors', keys: 'x', run: withActive(toggle) },
    { id: 'open-monitor', label: 'Open it', group: 'Monitors', keys: 'o', run: withActive(({ id }) => navigate(`/monitors/${id}`)) },
  ])
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0
    // Another search begins at its top.
    void search
  }, [search])

  if (first.error !== null && first.data === undefined) return <Problem error={first.error} retry={() => void first.refetch()} />
  if (first.data === undefined) return <Skeleton rows={12} height={20} />
  return (
    <div className="monitors" role="table" aria-label="Monitors" aria-rowcount={total + 1} aria-busy={first.isPlaceholderData}>
      {first.error === null ? null : <Problem error={first.error} />}
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className="monitor-row monitor-head">
          <span role="columnheader" className="monitor-choose">
            <input type="checkbox" aria-label="Choose all" checked={chosen.size > 0 && chosen.size >= total} onChange={toggleAll} />
          </span>
          <SortButton field="severity" label="State" sort={search.sort} onSort={onSort} />
          <SortButton field="name" label="Name" sort={search.sort} onSort={onSort} />
          <SortButton field="tags" label="Tags" sort={search.sort} onSort={onSort} />
          <span role="columnheader">Type</span>
          <span role="columnheader">Triggered</span>
        </div>
      </div>
      <div ref={scroller} className="monitors-scroll" role="rowgroup">
        {total === 0 ? (
          <Empty title="No monitor is like that">
            <p>Take a filter away, or look for fewer words.</p>
          </Empty>
        ) : null}
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const monitor = at(index)
            return monitor === undefined ? (
              <RowPlace key={index} index={index} top={start} />
            ) : (
              <MonitorRow
                key={index}
                {...{ monitor, index, onTag }}
                top={start}
                active={index === active}
                chosen={chosen.has(monitor.id)}
                onChoose={toggle}
                onActive={setActive}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}
