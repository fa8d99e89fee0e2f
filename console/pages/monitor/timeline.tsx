/** The query and the statuses over one time, on one axis. Read next: chart.tsx, strips.tsx, range.ts. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { drawnQuery, stripsQuery } from '../../data/monitor-time.ts'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Chart } from './chart.tsx'
import type { Range } from './range.ts'
import { RangeBar } from './range-bar.tsx'
import { Strips } from './strips.tsx'

type Given = Readonly<{ id: number; range: Range; group: string | null; onGroup: (group: string | null) => void }>

export function Timeline({ id, range, group, onGroup }: Given) {
  const drawn = useQuery(drawnQuery(id, range, range.live, group))
  const history = useInfiniteQuery(stripsQuery(id, range, range.live))
  const strips = useMemo(() => (history.data?.pages ?? []).flatMap(({ groups }) => groups), [history.data])
  const [first] = history.data?.pages ?? []
  const downtimes = useMemo(() => first?.downtimes ?? [], [first])
  const more = history.hasNextPage ? (): void => void (history.isFetchingNextPage ? null : history.fetchNextPage()) : null
  return (
    <section className="timeline" aria-label="Over time" aria-busy={drawn.isPlaceholderData}>
      <div className="timeline-top">
        <RangeBar range={range} />
        <span className="soft small">
          {drawn.data === undefined ? '' : `from ${drawn.data.source}, a point every ${drawn.data.step_s} s`}
        </span>
      </div>
      {drawn.data === undefined ? (
        <div className="drawn-place">
          {drawn.error === null ? <Skeleton rows={7} height={22} /> : <Problem error={drawn.error} retry={() => void drawn.refetch()} />}
        </div>
      ) : (
        <>
          {drawn.error === null ? null : <Problem error={drawn.error} />}
          <Chart drawn={drawn.data} {...{ strips, downtimes, range, group, onGroup }} />
          {drawn.data.notes.length === 0 ? null : <p className="drawn-notes">{drawn.data.notes.join(' ')}</p>}
        </>
      )}
      {history.error === null ? null : <Problem error={history.error} retry={() => void history.refetch()} />}
      {first === undefined ? (
        <Skeleton rows={4} />
      ) : (
        <Strips {...{ strips, group, onGroup }} fromMs={Date.parse(first.from)} toMs={Date.parse(first.to)} onMore={more} />
      )}
    </section>
  )
}
