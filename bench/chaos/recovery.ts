/** How long a fault hurt: from its beginning, or from a server's return, until every monitor was on schedule. Pure. Read next: watch.ts. */
import type { CarriedOut } from './carry-out.ts'
import type { Look } from './watch.ts'

export type Recovery = Readonly<{ name: string; times: number; medianS: number; maxS: number; from: 'kill' | 'return' }>

/** Of those that came alone. */
export function recoveriesOf(faults: readonly CarriedOut[], looks: readonly Look[]): Recovery[] {
  const seconds = new Map<string, number[]>()
  for (const fault of faults) {
    if (!fault.alone || fault.problem !== null) continue
    const next = faults.find(({ beganMs }) => beganMs > fault.endedMs)
    const took = recoveryMs(fromOf(fault), next?.beganMs ?? Number.POSITIVE_INFINITY, looks)
    seconds.set(fault.name, [...(seconds.get(fault.name) ?? []), took / 1_000])
  }
  return [...seconds].sort().map(([name, all]) => {
    const sorted = all.toSorted((one, other) => one - other)
    return {
      name,
      times: sorted.length,
      medianS: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0,
      maxS: sorted.at(-1) ?? 0,
      from: name === 'kill-worker' ? 'kill' : 'return',
    }
  })
}

/** The other worker takes over while the killed one is down: what counts is when it was killed. */
function fromOf(fault: CarriedOut): number {
  return fault.name === 'kill-worker' ? fault.beganMs : fault.endedMs
}

/** Until the last look, before the next fault, at which a monitor was behind; 0 = none ever was. */
function recoveryMs(fromMs: number, untilMs: number, looks: readonly Look[]): number {
  const last = looks.findLast(({ atMs, behind }) => atMs >= fromMs && atMs < untilMs && behind !== 0)
  return last === undefined ? 0 : last.atMs - fromMs
}
