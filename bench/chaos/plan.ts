/**
 * Which faults come when: drawn from the seed, in rounds. In each, several overlap; then one comes alone, so that it can be said how long
 * the engine took to get over it. Pure. Read next: carry-out.ts.
 */
import { mixed } from '../../test/support/scripted-random.ts'
import type { FaultName } from './faults/names.ts'

export type PlannedFault = Readonly<{
  nth: number
  name: FaultName
  target: string
  /** After the first one may come. */
  atMs: number
  durationMs: number
  /** Nothing else happens from its beginning to the next fault's. */
  alone: boolean
}>

export type Choice = Readonly<{ name: FaultName; targets: readonly string[]; durationMs: Readonly<{ min: number; max: number }> }>

/** Of those that a round overlaps, one each so long after the other. */
const burstSize = 7
const burstEveryMs = { min: 300, max: 2_500 }
/** From the end of a burst to the one that comes alone: all is up, and caught up. */
const calmBeforeMs = 14_000
/** After the end of the one alone: what it takes to recover shall be seen, also where it takes a bit longer than it should (recovery.ts). */
const calmAfterMs = 32_000

/** Those of which people want to know how long they hurt. */
const aloneNames: readonly FaultName[] = ['kill-worker', 'kill-temporal', 'kill-postgres']

export function planFaults(seed: number, forMs: number, choices: readonly Choice[]): PlannedFault[] {
  const possible = choices.filter(({ targets }) => targets.length > 0)
  const planned: PlannedFault[] = []
  let drawn = 0
  const draw = (of: number): number => {
    drawn += 1
    return mixed(seed, drawn, 77) % of
  }
  const between = ({ min, max }: Readonly<{ min: number; max: number }>): number => min + draw(max - min + 1)
  const add = (from: readonly Choice[], atMs: number, alone: boolean): number => {
    const free = from.map((choice) => ({
      ...choice,
      targets: choice.targets.filter((target) => !isHit(planned, choice.name, target, atMs)),
    }))
    const choice = pick(
      free.filter(({ targets }) => targets.length > 0),
      draw,
    )
    const target = choice?.targets[draw(choice.targets.length)]
    if (choice === undefined || target === undefined) return atMs
    const durationMs = between(choice.durationMs)
    planned.push({ nth: planned.length + 1, name: choice.name, target, atMs, durationMs, alone })
    return atMs + durationMs
  }
  let atMs = 0
  let round = 0
  while (atMs < forMs) {
    let untilMs = atMs
    for (let nth = 0; nth < burstSize && atMs < forMs; nth += 1) {
      untilMs = Math.max(untilMs, add(possible, atMs, false))
      atMs += between(burstEveryMs)
    }
    atMs = Math.max(atMs, untilMs) + calmBeforeMs
    // They take turns, so that none of them is left out.
    const single = possible.filter(({ name }) => name === aloneNames[round % aloneNames.length])
    if (atMs < forMs && single.length > 0) atMs = add(single, atMs, true) + calmAfterMs
    round += 1
  }
  return planned
}

/** Each kind as often as any other. */
function pick(choices: readonly Choice[], draw: (of: number) => number): Choice | undefined {
  return choices.length === 0 ? undefined : choices[draw(choices.length)]
}

/** What a fault hits comes up for a while after its end. */
const comingUpMs = 12_000

function isHit(planned: readonly PlannedFault[], name: FaultName, target: string, atMs: number): boolean {
  if (name === 'deploy' && planned.some((one) => one.name === 'deploy')) return true
  const both = name === 'deploy' ? ['worker-a', 'worker-b'] : [target]
  return planned.some((one) => {
    const targets = one.name === 'deploy' ? ['worker-a', 'worker-b'] : [one.target]
    return targets.some((hit) => both.includes(hit)) && one.atMs + one.durationMs + comingUpMs > atMs
  })
}
