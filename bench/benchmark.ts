/**
 * What a benchmark is: a name, what it measures, its figures with their goals, and a function that measures them.
 * Never prints or writes: main.ts does. Read next: main.ts, loop/loop.ts.
 */

/** A goal is met or missed, never rounded into being met. */
export type Goal = Readonly<{ atLeast: number } | { atMost: number }>

export type Figure = Readonly<{
  /** Name in the JSON object. Names stay for ever: people compare runs by them. */
  key: string
  /** For people, with its unit. */
  label: string
  digits: number
  goal?: Goal
}>

export type Figures = Readonly<Record<string, number>>

export type Benchmark = Readonly<{
  name: string
  /** How it is measured and what it leaves out, in sentences. */
  about: string
  figures: readonly Figure[]
  /** Rejects rather than giving figures of a run that went wrong. */
  run: (say: (line: string) => void) => Promise<Figures>
}>

export function isMet(goal: Goal, value: number): boolean {
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost
}
