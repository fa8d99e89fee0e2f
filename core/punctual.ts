/** Whether the engine as a whole does its work in time: what its dead man's switch stands for. Pure. Read next: workers/deadman.ts. */

export type EngineLook = Readonly<{
  /** Monitors that are to be evaluated, and those of them that are overdue by three intervals. */
  live: number
  overdue: number
  /** The lowest priority number among the overdue ones; null = none is, or they have none. */
  worstPriority: number | null
  /** Workers that said lately that they live. */
  workers: number
}>

export type Punctual = Readonly<{ onTime: true }> | Readonly<{ onTime: false; reason: string }>

/** One in a hundred may be in repair; more, and it isn't single monitors that are late. */
const overdueShareMax = 0.01

export function isPunctual({ live, overdue, worstPriority, workers }: EngineLook): Punctual {
  if (workers === 0) return late('no worker says that it lives')
  if (worstPriority === 1) return late('a monitor of P1 is overdue')
  if (overdue > live * overdueShareMax) return late(`${overdue} of ${live} monitors are overdue`)
  return { onTime: true }
}

function late(reason: string): Punctual {
  return { onTime: false, reason }
}
