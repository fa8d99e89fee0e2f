import { z } from 'zod'

/** What a worker process needs to know, as JSON in its first argument. */
export const notifyWorkerSettingsSchema = z.object({ address: z.string(), codePath: z.string(), databaseUrl: z.string() })

export type NotifyWorkerSettings = z.infer<typeof notifyWorkerSettingsSchema>

/** What a worker process is asked to do beside its work. */
export const taskSchema = z.discriminatedUnion('kind', [
  /** From now on the storm's groups have this value. */
  z.object({ kind: z.literal('storm'), value: z.number() }),
  /** Bare requests with the engine's client, so many at a time to each address. */
  z.object({ kind: z.literal('post'), urls: z.array(z.string()), posts: z.number(), concurrency: z.number(), body: z.string() }),
])

export type Task = z.infer<typeof taskSchema>

/** Its answer: how long that took. */
export const doneSchema = z.object({ elapsedMs: z.number() })
