import { parseArgs } from 'node:util'
import { z } from 'zod'
import { faultNames } from './faults/names.ts'

export type ChaosSettings = Readonly<{
  seed: number
  /** How long faults are injected; coming up before and settling after take their own time. */
  minutes: number
  monitors: number
  /** Kinds of faults that may come. */
  faults: readonly string[]
  /** Writes bench/CHAOS.md. */
  writes: boolean
  /** Data, logs and records of the run; null = a temporary folder, removed where all invariants hold. A folder with a record is carried on. */
  folder: string | null
}>

/** Each keeps a workflow and some megabytes of history: two cores serve no more within their intervals. */
const monitorsMax = 10_000
/** Half a day. Longer, the histories of a dev server outgrow a laptop. */
const minutesMax = 720

const count = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `expected a number, at most ${max}`)
    .transform(Number)
    .pipe(z.number().min(1).max(max))

const options = z.object({
  seed: count(999_999_999).optional(),
  minutes: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3})?$/, 'expected minutes, as 30 or 0.5')
    .transform(Number)
    .pipe(z.number().min(0.1).max(minutesMax))
    .default(5),
  monitors: count(monitorsMax).default(200),
  faults: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(faultNames, `expected some of ${faultNames.join(', ')}`)))
    .default([...faultNames]),
  folder: z.string().min(1).optional(),
  write: z.boolean().default(false),
})

export const usage = 'usage: npm run chaos -- [--seed N] [--minutes M] [--monitors N] [--faults a,b] [--folder PATH] [--write]'

/** A sentence where the arguments make no sense. `drawn`: the seed where none is given. */
export function readSettings(args: readonly string[], drawn: number): ChaosSettings | string {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      args: [...args],
      options: { seed: text, minutes: text, monitors: text, faults: text, folder: text, write: { type: 'boolean' } },
    })
    const parsed = options.safeParse(values)
    if (!parsed.success) return `${parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n')}\n${usage}`
    const { seed, write, folder, ...rest } = parsed.data
    return { ...rest, seed: seed ?? drawn, writes: write, folder: folder ?? null }
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${usage}`
  }
}
