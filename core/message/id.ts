import type { Transition } from '../monitor/types.ts'

/**
 * The id by which a receiver knows a message again: constant over retries, unique per transition and receiver. The slot keeps it
 * unique also where a database was made anew and counts its monitors from the start again.
 */
export function messageId(monitorId: number, { sequence, slot }: Pick<Transition, 'sequence' | 'slot'>, receiver: string): string {
  return `msg_${monitorId}_${sequence}_${slot}_${receiver}`
}
