/**
 * What anomalies(), outliers() and forecast() are: instead of a series they give one value per group, which the monitor compares.
 * Read next: verdicts/anomalies.ts, verdicts/outliers.ts, verdicts/forecast.ts.
 */
import type { Frame, Span } from '../frame.ts'
import type { Over } from '../metric-nodes.ts'
import type { Arguments } from './call.ts'

export type VerdictCall = Readonly<{
  args: Arguments
  over: Over
  /** When it is as of, in epoch ms. */
  toMs: number
  /** How long buckets are where the arguments don't say. */
  stepMs: number
  /** The operand counts something: no data is none of it. */
  counts: boolean
  operand: (span: Span) => Frame
}>

/** One value per group with data that could be judged; `undecided`: groups with data of which too little is known. */
export type Verdict = Readonly<{ values: Readonly<Record<string, number | null>>; undecided: readonly string[] }>
