import { z } from 'zod'

/** What the worker process counts between two questions. */
export const sampleSchema = z.object({
  /** Calls of the evaluate activity: a call may deal with several slots that are due. */
  evaluations: z.number(),
  slots: z.number(),
  /** Calls of the bare loop's activity. */
  bare: z.number(),
  /** Milliseconds from a slot to its evaluation, of every call. */
  lagsMs: z.array(z.number()),
})

export type Sample = z.infer<typeof sampleSchema>

export const emptySample: Sample = { evaluations: 0, slots: 0, bare: 0, lagsMs: [] }

/** Of garbage: also gives back what the collector would only give back when idle, so that what is left is what is held. */
export const fullCollection = { type: 'major', execution: 'sync', flavor: 'last-resort' } as const

/** The question; `collect` forces a garbage collection of the main thread first. */
export const questionSchema = z.object({ collect: z.boolean() })

/** Monitors that the worker's store holds: ids, and how often each is evaluated. */
const monitorRangeSchema = z.object({ firstId: z.number(), lastId: z.number(), intervalMs: z.number(), lagCounts: z.boolean() })

export type MonitorRange = z.infer<typeof monitorRangeSchema>

/** What a worker process needs to know, as JSON in its first argument. */
export const workerSettingsSchema = z.object({ address: z.string(), codePath: z.string(), monitors: z.array(monitorRangeSchema) })

export type WorkerSettings = z.infer<typeof workerSettingsSchema>

/** The smallest value that at least `share` of all are not above. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
