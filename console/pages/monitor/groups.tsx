/** Each group as it is now: sorted and filtered here, and drawn only where it is seen. Read next: ../../data/monitor-time.ts. */
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import { groupsQuery } from '../../data/monitor-time.ts'
import { Empty, Problem, Skeleton } from '../../ui/notes.tsx'
import { SortButton } from '../monitors/sort-button.tsx'
import { GroupRow } from './group-row.tsx'
import './groups.css'
import { groupsShown } from './groups-shown.ts'

const rowPx = 36
const overscan = 10
const rowsHigh = 12
const statuses = ['Alert', 'Warn', 'No Data', 'OK'] as const

type Given = Readonly<{ id: number; group: string | null; onGroup: (group: string | null) => void }>

export function Groups({ id, group, onGroup }: Given) {
  const { data, error, refetch } = useQuery(groupsQuery(id))
  const [text, setText] = useState('')
  const [only, setOnly] = useState('')
  const [sort, setSort] = useState('status')
  const scroller = useRef<HTMLDivElement>(null)
  const shown = groupsShown(data ?? [], { text, only, sort })
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan })

  if (data === undefined) return error === null ? <Skeleton rows={8} /> : <Problem error={error} retry={() => void refetch()} />
  return (
    <>
      <div className="groups-top">
        <input
          className="input"
          type="search"
          aria-label="Filter groups"
          placeholder="Filter groups"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
        <select className="input" aria-label="Status of groups" value={only} onChange={(event) => setOnly(event.target.value)}>
          <option value="">Any status</option>
          {statuses.map((status) => (
            <option key={status}>{status}</option>
          ))}
        </select>
        <span className="soft" role="status">
          {shown.length === data.length
            ? data.length.toLocaleString()
            : `${shown.length.toLocaleString()} of ${data.length.toLocaleString()}`}
        </span>
      </div>
      <div className="groups" role="table" aria-label="Groups" aria-rowcount={shown.length + 1}>
        <div role="rowgroup">
          <div role="row" className="group-row group-head" aria-rowindex={1}>
            <SortButton field="status" label="Status" sort={sort} onSort={setSort} />
            <SortButton field="group" label="Group" sort={sort} onSort={setSort} />
            <SortButton field="value" label="Value" sort={sort} onSort={setSort} />
            <SortButton field="since" label="Since" sort={sort} onSort={setSort} />
            <span role="columnheader">In hand</span>
            <span role="columnheader">
              <span className="visually-hidden">What can be done</span>
            </span>
          </div>
        </div>
        <div ref={scroller} className="groups-scroll" role="rowgroup" style={{ height: Math.min(shown.length, rowsHigh) * rowPx }}>
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const each = shown[index]
              return each === undefined ? null : (
                <GroupRow
                  key={each.group}
                  {...{ id, index }}
                  of={each}
                  top={start}
                  picked={each.group === group}
                  onPick={() => onGroup(each.group === group ? null : each.group)}
                />
              )
            })}
          </div>
        </div>
      </div>
      {shown.length === 0 ? <Empty title={data.length === 0 ? 'It knows no group yet' : 'No group is like that'} /> : null}
    </>
  )
}
