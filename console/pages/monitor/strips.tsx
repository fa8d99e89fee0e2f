/**
 * How each group was over the time that is shown: a strip of colours a group, thousands of them, under the lines and on their axis.
 * Never draws what isn't seen. Read next: strip.tsx, ../../data/monitor-time.ts.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Strip } from '../../data/monitor-time.ts'
import { type Pointed, StripRow } from './strip.tsx'
import './strips.css'
import { clockText, lengthText, reasonText, valueText } from './words.ts'

const rowPx = 26
const overscan = 8
/** Near the end of what is known the next groups are asked for. */
const aheadRows = 30

type Given = Readonly<{
  strips: readonly Strip[]
  fromMs: number
  toMs: number
  group: string | null
  onGroup: (group: string | null) => void
  /** null = there are no more. */
  onMore: (() => void) | null
}>

export function Strips({ strips, fromMs, toMs, group, onGroup, onMore }: Given) {
  const scroller = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<Pointed | null>(null)
  // While more are to come they stay in the API's order: nothing moves under the reader's eyes.
  const complete = onMore === null
  const sorted = useMemo(() => (complete ? [...strips].sort(worstFirst) : strips), [strips, complete])
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan })
  const items = virtual.getVirtualItems()
  const lastSeen = items.at(-1)?.index ?? 0
  const nearEnd = lastSeen + aheadRows >= sorted.length
  useEffect(() => {
    if (nearEnd) onMore?.()
  }, [nearEnd, onMore])

  return (
    <section className="strips" aria-label="Status of each group over this time">
      <div ref={scroller} className="strips-scroll" style={{ height: Math.min(sorted.length, 9.5) * rowPx }}>
        <ul style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const strip = sorted[index]
            return strip === undefined ? null : (
              <StripRow
                key={strip.group}
                {...{ strip, fromMs, toMs }}
                top={start}
                picked={group === strip.group}
                onPick={() => onGroup(group === strip.group ? null : strip.group)}
                onPoint={setPointed}
              />
            )
          })}
        </ul>
      </div>
      <p className="strips-said" aria-live="polite">
        {pointed === null ? (
          <span className="soft">Point at a strip, or walk along it with the arrow keys, to read when, how long and why.</span>
        ) : (
          <Said {...pointed} />
        )}
      </p>
    </section>
  )
}

function Said({ group, segment: { from, to, status, reason, value } }: Pointed) {
  return (
    <>
      <strong>{group === '*' ? 'All' : group}</strong> {status} from {clockText(from)} to {clockText(to)} (
      {lengthText(Date.parse(to) - Date.parse(from))}){reason === null ? '' : `. ${reasonText(reason)}`}
      {value === null ? '' : `, at ${valueText(value)}`}.
    </>
  )
}

const rank: Readonly<Record<string, number>> = { Alert: 0, Warn: 1, 'No Data': 2, OK: 4 }

/** What fires, then what changed most. */
function worstFirst(one: Strip, other: Strip): number {
  const [first, second] = [rank[one.status ?? ''] ?? 3, rank[other.status ?? ''] ?? 3]
  return first - second || other.segments.length - one.segments.length || one.group.localeCompare(other.group)
}
