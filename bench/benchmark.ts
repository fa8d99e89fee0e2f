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

/** `full`: all that can be measured, however long it takes. */
export type Depth = Readonly<{ full: boolean }>

/** The measured part of a page for people, between its two marks (see section.ts). */
export type Section = Readonly<{ file: string; render: (figures: Figures) => readonly string[] }>

export type Benchmark = Readonly<{
  name: string
  /** How it is measured and what it leaves out, in sentences. */
  about: string
  figures: readonly Figure[]
  /** Rejects rather than giving figures of a run that went wrong. */
  run: (say: (line: string) => void, depth: Depth) => Promise<Figures>
  section?: Section
}>

export function isMet(goal: Goal, value: number): boolean {
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost
}
