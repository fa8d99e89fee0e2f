/**
 * What one run of a monitor holds: its state, what isn't stored yet, and what it carries into the next run.
 * Never waits, asks or decides anything. Read next: monitor.ts, outbox.ts, slots.ts.
 */
import { emptyLedger, type Ledger } from '../core/monitor/ledger.ts'
import type { Retry, Undone } from '../core/monitor/outbox.ts'
import { isRunFull, type RunSoFar } from '../core/monitor/run-length.ts'
import { transitionsOf } from '../core/monitor/slot-event.ts'
import { type InboxItem, type Snapshot, upgradeSnapshot } from '../core/monitor/snapshot.ts'
import type { MonitorState, Transition } from '../core/monitor/types.ts'

/** Where the store turns out to know better, it comes to something else. */
export type Kept = { undone: Undone }

export type Loop = {
  state: MonitorState
  ledger: Ledger
  bounds: Snapshot['bounds']
  run: RunSoFar
  stopped: boolean
  /** Epoch ms, as an activity said: when a worker renews its task, this sandbox's own clock isn't the same in a replay. */
  now: number
  /** The engine is behind: so many intervals are one wait. As the last reply said; 1 = none. */
  stretch: number
  /** When this workflow took the monitor up, until it has evaluated for the first time; then null. */
  begunAt: number | null
  /** What isn't stored yet, oldest first. */
  outbox: Kept[]
  /** PostgreSQL gave no answer to something: null = it did. */
  retry: Retry | null
  /** Slots that are due can't be judged without PostgreSQL, and wait for it. */
  slotsWait: boolean
  /** They had to; they aren't all caught up yet. */
  waited: boolean
  /** The definition changed and couldn't be loaded yet. */
  editWaits: boolean
  /** Answers to whoever waits until what was decided for them is stored. */
  unanswered: (() => void)[]
}

const newRun: RunSoFar = { evaluations: 0, told: 0, messages: 0 }

export function beginLoop(state: MonitorState, bounds: Snapshot['bounds'], now: number): Loop {
  return {
    state,
    ledger: emptyLedger,
    bounds,
    run: newRun,
    stopped: false,
    now,
    stretch: 1,
    begunAt: now,
    outbox: [],
    retry: null,
    slotsWait: false,
    waited: false,
    editWaits: false,
    unanswered: [],
  }
}

export function carriedOn(snapshot: Snapshot): Loop {
  const { state, ledger, bounds, stretch = 1, outbox = [] } = upgradeSnapshot(snapshot)
  const now = state.lastSlot
  // A new run tries at once.
  const retry = outbox.length === 0 ? null : { failures: 1, at: now }
  return { ...beginLoop(state, bounds, now), begunAt: null, ledger, stretch, outbox: outbox.map((undone) => ({ undone })), retry }
}

/** `inbox`: signals that weren't acted upon. */
export function snapshotOf({ state, ledger, bounds, stretch, outbox, editWaits }: Loop, inbox: readonly InboxItem[]): Snapshot {
  return {
    v: 1,
    state,
    ledger,
    bounds,
    inbox: editWaits ? [{ kind: 'respecify' }, ...inbox] : inbox,
    ...(stretch === 1 ? {} : { stretch }),
    ...(outbox.length === 0 ? {} : { outbox: outbox.map(({ undone }) => undone) }),
  }
}

export function isFull({ run, state, bounds }: Loop): boolean {
  return isRunFull(run, () => Object.keys(state.groups).length, bounds)
}

export function transitionsOfKept({ undone }: Kept): readonly Transition[] {
  return transitionsOf(undone.effects)
}
