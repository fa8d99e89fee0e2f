/** How long a fault hurt: from its beginning, or from a server's return, until every monitor was on schedule. Pure. Read next: watch.ts. */
import type { CarriedOut } from './carry-out.ts'
import type { Look } from './watch.ts'

export type Recovery = Readonly<{
  name: string
  times: number
  medianS: number
  maxS: number
  /** How often somebody was still behind when the next fault came: it took longer than it says. */
  unfinished: number
  from: 'kill' | 'return'
  goalS: number
}>

/** A worker's monitors go over to another one; after a server's return all of them have to catch up. */
const goalS = { kill: 15, return: 30 } as const

/** Of those that came alone. */
export function recoveriesOf(faults: readonly CarriedOut[], looks: readonly Look[]): Recovery[] {
  const seconds = new Map<string, number[]>()
  const unfinished = new Map<string, number>()
  for (const fault of faults) {
    if (!fault.alone || fault.problem !== null) continue
    const next = faults.find(({ beganMs }) => beganMs > fault.endedMs)
    const { ms: took, isOver } = recovered(fromOf(fault), next?.beganMs ?? Number.POSITIVE_INFINITY, looks)
    if (!isOver) unfinished.set(fault.name, (unfinished.get(fault.name) ?? 0) + 1)
    seconds.set(fault.name, [...(seconds.get(fault.name) ?? []), took / 1_000])
  }
  return [...seconds].sort().map(([name, all]) => {
    const sorted = all.toSorted((one, other) => one - other)
    const from = name === 'kill-worker' ? 'kill' : 'return'
    return {
      name,
      times: sorted.length,
      medianS: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0,
      maxS: sorted.at(-1) ?? 0,
      unfinished: unfinished.get(name) ?? 0,
      from,
      goalS: goalS[from],
    }
  })
}

/** The other worker takes over while the killed one is down: what counts is when it was killed. */
function fromOf(fault: CarriedOut): number {
  return fault.name === 'kill-worker' ? fault.beganMs : fault.endedMs
}

/** Until the last look, before the next fault, at which a monitor was behind; 0 = none ever was. */
function recovered(fromMs: number, untilMs: number, looks: readonly Look[]): Readonly<{ ms: number; isOver: boolean }> {
  const seen = looks.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
  const last = seen.findLast(({ behind }) => behind !== 0)
  return { ms: last === undefined ? 0 : last.atMs - fromMs, isOver: last === undefined || last !== seen.at(-1) }
}
