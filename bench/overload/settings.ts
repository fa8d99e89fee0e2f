import { z } from 'zod'

/** What a worker process of this benchmark needs to know. */
export const overloadSettingsSchema = z.object({
  address: z.string(),
  codePath: z.string(),
  monitors: z.number(),
  intervalMs: z.number(),
  stretches: z.boolean(),
})
export type OverloadSettings = z.infer<typeof overloadSettingsSchema>

/** Since the last question; lags in ms, by priority. */
export const overloadSampleSchema = z.object({
  lagsMs: z.record(z.string(), z.array(z.number())),
  evaluations: z.number(),
  level: z.number(),
  /** When a level was first above 0, epoch ms; null = none was. Not since the last question. */
  stretchedAt: z.number().nullable(),
})

/** As operators spread them: few are of P1. Of twenty monitors, 1, 2, 5, 6 and 6 are of P1 to P5. */
const spread = [1, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5] as const
export const priorityOf = (id: number): 1 | 2 | 3 | 4 | 5 => spread[id % spread.length] ?? 5
