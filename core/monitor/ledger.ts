/**
 * What became of each slot of a monitor: counts since its workflow was first started, and the last few evaluations.
 * Never an input of a decision: step() doesn't see it. Read next: workflows/monitor.ts, which keeps it.
 */
import type { Observation, Outcome } from './types.ts'

export type LedgerEntry = Readonly<{
  slot: number
  outcome: 'evaluated' | 'caught-up' | 'skipped' | 'failed' | 'on-demand'
  /** Why skipped or failed. */
  reason: string | null
  /** Groups that the state machine heard of in this slot. */
  told: number
}>

export type Ledger = Readonly<{
  evaluated: number
  caughtUp: number
  skipped: number
  failed: number
  /** Evaluations that somebody asked for between slots: they belong to no slot. */
  onDemand: number
  /** The first slot ever accounted for; every grid slot since is in one of the four counts. */
  firstSlot: number | null
  recent: readonly LedgerEntry[]
}>

/** Entries kept for the `evaluations` query: an hour's worth would cost 5 KB at each continue-as-new; 20 cost 2 KB. */
export const recentMax = 20

export const emptyLedger: Ledger = { evaluated: 0, caughtUp: 0, skipped: 0, failed: 0, onDemand: 0, firstSlot: null, recent: [] }

/** Accounts for evaluated slots. `newest` is the latest slot that was due: older ones were caught up. */
export function recordSlots(ledger: Ledger, slots: readonly number[], observations: readonly Observation[], newest: number): Ledger {
  const bySlot = new Map(observations.map((observation) => [observation.slot, observation]))
  return slots.reduce((sum, slot) => record(sum, entryOf(slot, bySlot.get(slot), slot < newest)), ledger)
}

/** Accounts for `count` slots that will never be evaluated. */
export function recordSkipped(ledger: Ledger, slot: number, count: number, reason: string): Ledger {
  if (count <= 0) return ledger
  const entry: LedgerEntry = { slot, outcome: 'skipped', reason: count === 1 ? reason : `${reason} (${count} slots)`, told: 0 }
  const recorded = record(ledger, entry)
  return { ...recorded, skipped: recorded.skipped + count - 1 }
}

/** Accounts for an evaluation between slots. */
export function recordOnDemand(ledger: Ledger, slot: number, observation: Observation | undefined): Ledger {
  return record(ledger, { ...entryOf(slot, observation, false), outcome: 'on-demand' })
}

function entryOf(slot: number, observation: Observation | undefined, late: boolean): LedgerEntry {
  const outcome: Outcome = observation?.outcome ?? { kind: 'ok' }
  const told = observation === undefined ? 0 : observation.changed.length + observation.missing.length
  if (outcome.kind === 'ok') return { slot, outcome: late ? 'caught-up' : 'evaluated', reason: null, told }
  return { slot, outcome: outcome.kind, reason: outcome.reason, told }
}

function record(ledger: Ledger, entry: LedgerEntry): Ledger {
  return {
    evaluated: ledger.evaluated + (entry.outcome === 'evaluated' ? 1 : 0),
    caughtUp: ledger.caughtUp + (entry.outcome === 'caught-up' ? 1 : 0),
    skipped: ledger.skipped + (entry.outcome === 'skipped' ? 1 : 0),
    failed: ledger.failed + (entry.outcome === 'failed' ? 1 : 0),
    onDemand: ledger.onDemand + (entry.outcome === 'on-demand' ? 1 : 0),
    firstSlot: ledger.firstSlot ?? (entry.outcome === 'on-demand' ? null : entry.slot),
    recent: [...ledger.recent, entry].slice(-recentMax),
  }
}
