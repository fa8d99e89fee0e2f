import type { CommitOutcome, LoadedMonitor, MonitorStore } from '../../activities/ports.ts'
import type { MonitorSpec } from '../../core/monitor/spec-types.ts'
import type { Commit, GroupState, Health, Memory, Transition } from '../../core/monitor/types.ts'

type Row = {
  sequence: number
  lastSlot: number
  paused: boolean
  health: Health
  groups: Record<string, GroupState>
  memory: Memory | null
}

export type MemoryMonitorStore = MonitorStore &
  Readonly<{
    /** Writes a definition; the workflow must be told. */
    define: (spec: MonitorSpec) => void
    remove: (monitorId: number) => void
    transitions: (monitorId: number) => readonly Transition[]
    commits: readonly Commit[]
    /** From now on commits and loads reject, as if the store were away; of one monitor, or of all. */
    goAway: (monitorId?: number) => void
    comeBack: () => void
  }>

/** The MonitorStore port in memory; held to the same conformance suite as PostgreSQL's. */
export function memoryMonitorStore(): MemoryMonitorStore {
  const definitions = new Map<number, MonitorSpec>()
  const rows = new Map<number, Row>()
  const transitions = new Map<number, Map<number, Transition>>()
  const commits: Commit[] = []
  let isAway: (monitorId: number) => boolean = () => false
  return {
    define: (spec) => void definitions.set(spec.monitorId, spec),
    remove: (monitorId) => void definitions.delete(monitorId),
    transitions: (monitorId) => [...(transitions.get(monitorId)?.values() ?? [])],
    commits,
    goAway: (lost) => {
      isAway = (monitorId) => lost === undefined || lost === monitorId
    },
    comeBack: () => {
      isAway = () => false
    },
    async load(monitorId): Promise<LoadedMonitor | null> {
      if (isAway(monitorId)) throw new Error('the store is away')
      const spec = definitions.get(monitorId)
      const row = rows.get(monitorId)
      return spec === undefined ? null : { spec, stored: row === undefined ? null : structuredClone(row) }
    },
    async commit(commit): Promise<CommitOutcome> {
      if (isAway(commit.monitorId)) throw new Error('the store is away')
      const known = transitions.get(commit.monitorId) ?? new Map<number, Transition>()
      transitions.set(commit.monitorId, known)
      const fresh = commit.transitions.filter((transition) => !known.has(transition.sequence))
      const diverged = commit.transitions.filter((transition) => isAnother(transition, known.get(transition.sequence)))
      if (diverged.length > 0) return { kind: 'diverged', sequences: diverged.map((transition) => transition.sequence) }
      commits.push(commit)
      for (const transition of fresh) known.set(transition.sequence, transition)
      write(rows, commit)
      return commit.transitions.length > 0 && fresh.length === 0 ? { kind: 'already-stored' } : { kind: 'stored' }
    },
  }
}

function write(rows: Map<number, Row>, commit: Commit): void {
  const row = rows.get(commit.monitorId)
  if (row !== undefined && (row.sequence > commit.sequence || row.lastSlot > commit.slot)) return
  // In place: what is loaded is a copy.
  const groups = Object.assign(row?.groups ?? {}, commit.groups)
  for (const key of commit.removed) delete groups[key]
  rows.set(commit.monitorId, {
    sequence: commit.sequence,
    lastSlot: commit.slot,
    paused: commit.paused,
    health: commit.health,
    groups,
    memory: commit.memory ?? row?.memory ?? null,
  })
}

function isAnother(decided: Transition, stored: Transition | undefined): boolean {
  return stored !== undefined && (stored.group !== decided.group || stored.to !== decided.to || stored.slot !== decided.slot)
}
