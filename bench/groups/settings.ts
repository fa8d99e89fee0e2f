import { z } from 'zod'

/** What a worker process needs to know, as JSON in its first argument. */
export const groupsWorkerSettingsSchema = z.object({
  address: z.string(),
  codePath: z.string(),
  intervalMs: z.number(),
  monitors: z.array(z.object({ monitorId: z.number(), groups: z.number(), periodSlots: z.number(), badSlots: z.number() })),
})

export type GroupsWorkerSettings = z.infer<typeof groupsWorkerSettingsSchema>

/** Evaluations by monitor id since the process began. */
export const countsSchema = z.record(z.string(), z.number())
