import type { ActivityPorts } from './ports.ts'

/** The time, for a workflow that was woken by a message and must know what is due. Its own clock isn't the same when it is replayed. */
export function clockActivities(ports: Pick<ActivityPorts, 'clock'>) {
  return {
    /** `notBefore`: a time that is known to have come. Arguments of local activities aren't in history, so any clock may tell it. */
    async readClock(input: Readonly<{ notBefore: number }>): Promise<number> {
      return Math.max(ports.clock(), input.notBefore)
    },
  }
}
