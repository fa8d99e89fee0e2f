import type { Course } from './fleet.ts'
import type { Spread } from './spread.ts'

export type Simulation = Readonly<{
  monitors: number
  intervalS: number
  workers: number
  seed: number
  perSecond: Spread
  perShard: readonly (Spread & Readonly<{ shards: number }>)[]
  courses: readonly (Course & Readonly<{ name: string }>)[]
}>

/** For people, in Markdown. */
export function renderSimulation({ monitors, intervalS, workers, seed, perSecond, perShard, courses }: Simulation): string[] {
  return [
    `${whole(monitors)} monitors at ${intervalS} s, ${whole(workers)} workers, seed ${seed}.`,
    '',
    `- Slots that fall into a second: ${range(perSecond)}.`,
    ...perShard.map((one) => `- Monitors on each of ${one.shards} shards: ${range(one)}.`),
    '',
    '| what happens | lag p50 | p99 | highest | P1: p99 | highest | slot to evaluation: p99 | most that waited | stretched up to | on time again after |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...courses.map(courseRow),
  ]
}

function courseRow({ name, lag, lagP1, delay, waitingMax, stretchMax, recoveredInS }: Course & Readonly<{ name: string }>): string {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
  const cells = [
    name,
    ...[lag.p50Ms, lag.p99Ms, lag.maxMs, lagP1.p99Ms, lagP1.maxMs, delay.p99Ms].map(seconds),
    whole(waitingMax),
    stretchMax === 1 ? 'not' : `${stretchMax} times`,
    recoveredInS === null ? 'never' : `${recoveredInS.toFixed(0)} s`,
  ]
  return `| ${cells.join(' | ')} |`
}

const range = ({ min, mean, max }: Spread): string => `${whole(min)} to ${whole(max)}, ${whole(mean)} on average`

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
