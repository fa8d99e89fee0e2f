/** Faults, carried out as planned and written down as they went. Never decides which. Read next: plan.ts, faults/catalog.ts. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { mixed } from '../../test/support/scripted-random.ts'
import { catalog } from './faults/catalog.ts'
import { faultNames } from './faults/names.ts'
import type { PlannedFault } from './plan.ts'
import type { Stage } from './stage.ts'

const carriedOut = z.object({
  nth: z.number(),
  name: z.enum(faultNames),
  target: z.string(),
  alone: z.boolean(),
  beganMs: z.number(),
  /** When what it had taken away was there again. */
  endedMs: z.number(),
  /** Why it couldn't be done; null = it was. */
  problem: z.string().nullable(),
})
export type CarriedOut = z.output<typeof carriedOut>

/** A plan that was put off isn't carried out to its end at any price. */
const overtimeShare = 1.05

const fileOf = (folder: string): string => join(folder, 'faults.jsonl')

/** Resolves when all have ended, whatever became of them. `stopped` leaves out those that haven't begun. */
export async function carryOut(
  stage: Stage,
  seed: number,
  planned: readonly PlannedFault[],
  forMs: number,
  stopped: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const startedMs = Date.now()
  const endMs = startedMs + forMs * overtimeShare
  const running: Promise<void>[] = []
  // What takes longer than planned puts off what comes after it: alone means alone, and time to recover is time to recover.
  let putOffMs = 0
  const plannedMs = (atMs: number): number => startedMs + atMs + putOffMs
  for (const fault of planned) {
    await delay(Math.max(0, plannedMs(fault.atMs) - Date.now()), undefined, { signal: stopped }).catch(() => {})
    if (fault.alone) await Promise.all(running)
    if (stopped.aborted || Date.now() > endMs) break
    if (fault.alone) putOffMs += Math.max(0, Date.now() - plannedMs(fault.atMs))
    const one = carryOutOne(stage, seed, fault, say)
    running.push(one)
    if (!fault.alone) continue
    await one
    putOffMs += Math.max(0, Date.now() - plannedMs(fault.atMs + fault.durationMs))
  }
  await Promise.all(running)
}

/** Those of this folder, in order of their beginnings, also of a run that was cut off. */
export function faultsOf(folder: string): CarriedOut[] {
  if (!existsSync(fileOf(folder))) return []
  const lines = readFileSync(fileOf(folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line) => carriedOut.parse(JSON.parse(line))).sort((one, other) => one.beganMs - other.beganMs)
}

async function carryOutOne(stage: Stage, seed: number, fault: PlannedFault, say: (line: string) => void): Promise<void> {
  const { nth, name, target, durationMs, alone } = fault
  const kind = catalog.find((one) => one.name === name)
  if (kind === undefined) throw new Error(`there is no fault ${name}`)
  let drawn = 0
  const draw = (of: number): number => {
    drawn += 1
    return mixed(seed, nth, drawn, 5) % of
  }
  const beganMs = Date.now()
  let problem: string | null = null
  say(`${nth} ${name} ${target} for ${(durationMs / 1_000).toFixed(1)} s${alone ? ', alone' : ''}`)
  try {
    const end = await kind.begin(stage, target, draw)
    await delay(Math.max(0, beganMs + durationMs - Date.now()))
    await end()
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
    say(`${nth} ${name} ${target}: ${problem}`)
  }
  const one: CarriedOut = { nth, name, target, alone, beganMs, endedMs: Date.now(), problem }
  appendFileSync(fileOf(stage.folder), `${JSON.stringify(one)}\n`)
}

/** A run that was cut off left faults behind that nobody wrote down: until now anything may have failed. */
export function noteCutOff(folder: string): void {
  const beganMs = faultsOf(folder).at(-1)?.beganMs ?? 0
  const one: CarriedOut = { nth: 0, name: 'source-hang', target: 'shaky', alone: false, beganMs, endedMs: Date.now(), problem: 'cut off' }
  appendFileSync(fileOf(folder), `${JSON.stringify(one)}\n`)
}
