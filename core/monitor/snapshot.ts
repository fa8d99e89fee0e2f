/**
 * What a monitor's workflow carries over continue-as-new: versioned plain JSON.
 * A change of shape gets a new version and an upgrade here; old snapshots are never rejected.
 * Read next: workflows/monitor.ts.
 */
import type { Ledger } from './ledger.ts'
import type { Undone } from './outbox.ts'
import type { MonitorState } from './types.ts'
import { upgradeState } from './upgrade.ts'

/** A message that was received and not yet acted upon. */
export type InboxItem = Readonly<
  { kind: 'respecify' } | { kind: 'pause' } | { kind: 'resume' } | { kind: 'stop' } | { kind: 'resolve'; groups: '*' | readonly string[] }
>

export type Snapshot = Readonly<{
  v: 1
  state: MonitorState
  ledger: Ledger
  inbox: readonly InboxItem[]
  /** What was decided and isn't stored yet, oldest first; absent = nothing. */
  outbox?: readonly Undone[]
  /** By which factor the interval is stretched; absent = it isn't. */
  stretch?: number
  bounds: Readonly<{ evaluationsPerRun: number; evaluationsPerLongRun?: number; catchUpBatchMax: number; catchUpHorizonMs: number }>
}>

/** Brings a snapshot of any known version to the newest. Throws RangeError on one from the future. */
export function upgradeSnapshot(snapshot: Snapshot): Snapshot {
  if (snapshot.v !== 1) throw new RangeError(`snapshot version ${String(snapshot.v)} is newer than this worker`)
  return { ...snapshot, state: upgradeState(snapshot.state) }
}
