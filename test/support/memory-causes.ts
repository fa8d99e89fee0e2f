import type { CauseSource } from '../../activities/ports.ts'
import { firingAt, type PlannedCause } from '../../core/scenario/plan.ts'

/** What fires, told to whoever has rules: which of it these name, core says. `of` null = of every monitor. */
export function memoryCauses(of: (monitorId: number) => readonly PlannedCause[]): CauseSource {
  return { firing: async ({ monitorId }, slots) => slots.map((slot) => firingAt({ causes: of(monitorId) }, slot)) }
}
