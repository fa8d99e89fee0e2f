/** What a kind of fault is to the plan and to whoever carries it out. Read next: catalog.ts, ../plan.ts. */
import type { Stage } from '../stage.ts'
import type { FaultName } from './names.ts'

export type FaultKind = Readonly<{
  name: FaultName
  /** What it may hit; two faults never hit the same at once. Empty = it can't be done here. */
  targets: (stage: Stage) => readonly string[]
  /** Between its beginning and its end. */
  durationMs: Readonly<{ min: number; max: number }>
  /**
   * Answers what ends it, and resolves once that is done: a server answers again, a network carries. `draw`: numbers that the seed decides.
   * Rejects where it couldn't be done, which the record says.
   */
  begin: (stage: Stage, target: string, draw: (of: number) => number) => Promise<() => Promise<void>>
}>
