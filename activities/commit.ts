import type { Commit } from '../core/monitor/types.ts'
import type { ActivityPorts, CommitOutcome } from './ports.ts'

/** Writes what one step decided: once, however often it is asked to. Rejects while the store is away; the caller retries. */
export function commitActivities(ports: Pick<ActivityPorts, 'monitors' | 'metrics'>) {
  return {
    async commit(commit: Commit): Promise<CommitOutcome['kind']> {
      const outcome = await ports.monitors.commit(commit)
      if (outcome.kind === 'stored') {
        for (const transition of commit.transitions) ports.metrics.transition(transition.to, 1)
      }
      if (outcome.kind === 'diverged') ports.metrics.commitDiverged(outcome.sequences.length)
      return outcome.kind
    },
  }
}
