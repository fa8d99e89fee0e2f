/** How a group was over a time, as pieces of one status each: what a heat strip shows. Pure. Read next: api/routes/segments.ts. */

export type Change = Readonly<{ sequence: number; slot: number; from: string; to: string; reason: string; value: number | null }>

/** Epoch ms. `sequence` is that of the transition that began it; null = that was before the time, or it is new. */
export type Segment = Readonly<{
  fromMs: number
  toMs: number
  status: string
  reason: string | null
  value: number | null
  sequence: number | null
}>

export type GroupHistory = Readonly<{
  /** The last change up to the begin of the time; null = there was none. */
  before: Change | null
  /** Of the time, oldest first. */
  changes: readonly Change[]
  /** How it is now; null = it is there no more. */
  status: string | null
  since: number | null
}>

/** Oldest first, without gaps from the first piece on. A group that wasn't there when the time began starts later. */
export function segmentsOf({ before, changes, status, since }: GroupHistory, fromMs: number, toMs: number): readonly Segment[] {
  const segments: Segment[] = []
  const end = (atMs: number): void => {
    const last = segments.at(-1)
    if (last !== undefined) segments[segments.length - 1] = { ...last, toMs: atMs }
  }
  const begin = (atMs: number, next: Omit<Segment, 'fromMs' | 'toMs'>): void => {
    if (segments.at(-1)?.status === next.status) return
    end(atMs)
    segments.push({ fromMs: atMs, toMs, ...next })
  }
  const first = beginning({ before, changes, status, since }, fromMs)
  if (first !== null && first.fromMs < toMs) begin(first.fromMs, first)
  for (const { slot, to, reason, value, sequence } of changes) begin(slot, { status: to, reason, value, sequence })
  return segments.filter((segment) => segment.toMs > segment.fromMs)
}

type Beginning = Omit<Segment, 'toMs'>

function beginning({ before, changes, status, since }: GroupHistory, fromMs: number): Beginning | null {
  if (before !== null) return { fromMs, status: before.to, reason: before.reason, value: before.value, sequence: before.sequence }
  const [first] = changes
  if (first !== undefined) return { fromMs, status: first.from, reason: null, value: null, sequence: null }
  if (status === null) return null
  return { fromMs: Math.max(fromMs, since ?? fromMs), status, reason: null, value: null, sequence: null }
}
