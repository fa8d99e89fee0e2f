/**
 * What a lane does next with what waits for its receiver: which messages go now, which become one, and when the next one may.
 * Pure and total. Never a recovery before its alert: what is of one chain goes one after the other.
 * Read next: partition.ts (where chains come from), activities/drain.ts (which carries it out).
 */

/** An open delivery. */
export type Waiting = Readonly<{
  id: number
  monitorId: number
  /** Of the last transition that it tells: orders a chain. */
  sequence: number
  /** Empty = of no order. */
  chain: string
  form: string
  opens: boolean
  /** Tries that failed. */
  failures: number
  /** Until it may be tried; 0 or less = now. */
  dueInMs: number
  /** The digest that it belongs to; null = none. */
  digest: string | null
  /** What of the same bundle is due goes as one; null = it is of none. */
  bundle: string | null
}>

export type QueueView = Readonly<{
  /** On their way, or finished since the list was read. */
  busy: ReadonlySet<number>
  /** Messages that may go now. */
  room: number
  /** Of these, how many the receiver's budget allows; null = any number. */
  budgetLeft: number | null
  /** Whether it opens what has to be closed again: then an alert and its recovery stay two. */
  incidents: boolean
  /** Try what waits, whatever its time. */
  probing: boolean
}>

export type QueueDecision = Readonly<{
  /** These are told by `into` from now on. Before any of `sends`. */
  folds: readonly Readonly<{ into: number; from: readonly number[] }>[]
  /** `digest`: of several `ids`, which are sent as one: an old one by its name, or `new`. */
  sends: readonly Readonly<{ ids: readonly number[]; digest: string | null }>[]
  /** Until the first of those that could go but for their time; null = there is none. */
  nextInMs: number | null
}>

/** Deliveries of one digest: its list is bounded anyway, and so is the statement that records them. */
export const digestMax = 1_000
/** Stands for a digest that is made now. */
export const newDigest = 'new'

export function decide(waiting: readonly Waiting[], view: QueueView): QueueDecision {
  const heads = [...monitorsOf(waiting).values()].map((rows) => headsOf(rows, view))
  const singles = heads.flatMap(({ ready }) => ready)
  const digests = digestsOf(waiting, view)
  const due = ({ dueInMs }: Waiting): boolean => view.probing || dueInMs <= 0
  // A message that the receiver always chokes on must not be the one that says whether it is back.
  const ready = singles.filter(due).sort((a, b) => (view.probing ? a.failures - b.failures : 0) || a.id - b.id)
  const old = digests.filter((rows) => rows.every(due))
  const sends = chosen(ready, old, view)
  const sent = new Set(sends.flatMap(({ ids }) => ids))
  return {
    folds: heads.flatMap(({ folds }) => folds).filter(({ into }) => sent.has(into)),
    sends,
    nextInMs: least([...singles, ...digests.flat()].filter((row) => !due(row)).map(({ dueInMs }) => dueInMs)),
  }
}

function monitorsOf(waiting: readonly Waiting[]): Map<number, Waiting[]> {
  const monitors = Map.groupBy(waiting, ({ monitorId }) => monitorId)
  for (const rows of monitors.values()) rows.sort((a, b) => a.sequence - b.sequence || a.id - b.id)
  return monitors
}

type Heads = Readonly<{ ready: readonly Waiting[]; folds: QueueDecision['folds'] }>

/** Of one monitor, ascending by sequence: the deliveries that nothing of theirs is before, with all that they take along. */
function headsOf(rows: readonly Waiting[], view: QueueView): Heads {
  const fixed = (row: Waiting): boolean => view.busy.has(row.id) || row.digest !== null
  const storm = view.incidents ? -1 : rows.findLastIndex(({ form, chain }) => form === 'storm' && chain !== '')
  const before = rows.slice(0, storm + 1)
  const after = rows.slice(storm + 1)
  const free = before.filter((row) => !fixed(row) && row.chain !== '')
  const last = free.at(-1)
  // What is told of all groups waits for what is on its way, takes along what isn't, and lets nothing overtake it.
  const stormHeads: Heads = last === undefined || last !== before.at(-1) || free.length < ordered(before) ? none : folded(free)
  const chained = after.filter(({ chain }) => chain !== '')
  const chains = Map.groupBy(chained, ({ chain }) => chain)
  const chainHeads =
    ordered(before) > 0 ? [] : [...chains.values()].map((chain) => (chain.some(fixed) ? none : folded(firstRun(chain, view))))
  const loose = rows.filter((row) => row.chain === '' && !fixed(row))
  const all = [stormHeads, ...chainHeads]
  return { ready: [...loose, ...all.flatMap(({ ready }) => ready)], folds: all.flatMap(({ folds }) => folds) }
}

const none: Heads = { ready: [], folds: [] }

const ordered = (rows: readonly Waiting[]): number => rows.filter(({ chain }) => chain !== '').length

/** The newest stands for all. */
function folded(rows: readonly Waiting[]): Heads {
  const into = rows.at(-1)
  if (into === undefined) return none
  const from = rows.slice(0, -1).map(({ id }) => id)
  return { ready: [into], folds: from.length === 0 ? [] : [{ into: into.id, from }] }
}

/** With incidents only those that say the same fold: alerts into the last alert, recoveries into the last recovery. */
function firstRun(chain: readonly Waiting[], { incidents }: QueueView): readonly Waiting[] {
  if (!incidents) return chain
  const [first] = chain
  const end = chain.findIndex(({ opens, form }) => opens !== first?.opens || form === 'storm')
  // Storms hold many groups, and each of them counts: nothing takes their place.
  if (first?.form === 'storm') return [first]
  return end === -1 ? chain : chain.slice(0, end)
}

/** Those whose message is as it was when it was first tried; all of one or none. */
function digestsOf(waiting: readonly Waiting[], { busy }: QueueView): Waiting[][] {
  const gathered = waiting.filter(({ digest }) => digest !== null)
  const digests = Map.groupBy(gathered, ({ digest }) => digest)
  return [...digests.values()].filter((rows) => rows.every(({ id }) => !busy.has(id)))
}

/** Oldest first; the last message that a budget allows takes along all that would have to wait. */
function chosen(ready: readonly Waiting[], old: readonly (readonly Waiting[])[], { room, budgetLeft }: QueueView): QueueDecision['sends'] {
  const oldSends = old.map((rows) => ({ ids: rows.map(({ id }) => id), digest: rows[0]?.digest ?? null }))
  const units = unitsOf(ready)
  if (budgetLeft === null) return [...oldSends, ...units.map(sendOf)].slice(0, room)
  const left = budgetLeft - oldSends.length
  if (left <= 0) return oldSends.slice(0, Math.min(room, budgetLeft))
  const alone = units.length <= left ? units.length : left - 1
  const rest = units.slice(alone).flat().slice(0, digestMax)
  return [...oldSends, ...units.slice(0, alone).map(sendOf), ...(rest.length === 0 ? [] : [sendOf(rest)])].slice(0, room)
}

/** What goes as one message, in the order of the first of each. */
function unitsOf(ready: readonly Waiting[]): Waiting[][] {
  const units: Waiting[][] = []
  const bundles = new Map<string, Waiting[]>()
  for (const row of ready) {
    const gathered = row.bundle === null ? undefined : bundles.get(row.bundle)
    if (gathered !== undefined && gathered.length < digestMax) {
      gathered.push(row)
      continue
    }
    const unit = [row]
    units.push(unit)
    if (row.bundle !== null) bundles.set(row.bundle, unit)
  }
  return units
}

function sendOf(rows: readonly Waiting[]): QueueDecision['sends'][number] {
  return { ids: rows.map(({ id }) => id), digest: rows.length === 1 ? null : newDigest }
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b))
}
