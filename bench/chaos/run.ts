/** One run: up, monitors, faults, rest, check. Read next: stage.ts, plan.ts, settle.ts, check/check.ts. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { waitFor } from '../../cli/up/wait.ts'
import { carryOut, faultsOf, noteCutOff } from './carry-out.ts'
import { check } from './check/check.ts'
import { catalog } from './faults/catalog.ts'
import { planFaults } from './plan.ts'
import { recoveriesOf } from './recovery.ts'
import type { Outcome } from './report.ts'
import { paceOf } from './script.ts'
import type { ChaosSettings } from './settings.ts'
import { settle } from './settle.ts'
import { type Stage, startProcesses, startStage } from './stage.ts'
import { countUnseen, type Watch, watchSchedule } from './watch.ts'
import { createMonitors, noteFirstSlots, watchedIds } from './workload.ts'

const record = z.object({ seed: z.number(), monitors: z.number(), doneMs: z.number(), settled: z.boolean() })
type RunRecord = z.output<typeof record>

/** A record of how far it has come, this often. */
const recordEveryMs = 5_000
/** Thousands of monitors start, each with its first evaluation: two minutes, on a busy machine many times that. */
const firstLookMs = 900_000

export type Run = Readonly<{
  settings: ChaosSettings & Readonly<{ folder: string }>
  command: string
  stopped: AbortSignal
  say: (line: string) => void
}>

/** Rejects where the laboratory itself doesn't come up. A folder with a record goes on where that run was cut off. */
export async function run({ settings, command, stopped, say }: Run): Promise<Outcome> {
  const { folder } = settings
  const before = readRecord(folder)
  if (before?.settled === true) throw new Error(`${folder} holds a run that came to its end: take another folder`)
  const { seed, monitors } = before ?? settings
  const pace = paceOf(monitors)
  const intervalMs = pace.intervalS * 1_000
  const stage = await startStage({ folder, seed, pace, say })
  try {
    say(`coming up in ${folder}`)
    await startProcesses(stage)
    if (before === null) await createMonitors(stage, monitors, pace, say)
    else noteCutOff(folder)
    const ids = watchedIds(folder)
    const upMs = before === null ? 0 : Date.now()
    const allSeen = async (): Promise<true | null> => ((await countUnseen(stage.pool, ids, upMs)) === 0 ? true : null)
    await waitFor(allSeen, { what: 'every monitor to be evaluated before the first fault', timeoutMs: firstLookMs, everyMs: 1_000 })
    if (before === null) await noteFirstSlots(stage)
    say(`${ids.length} monitors are evaluated, each every ${pace.intervalS} s`)
    const watch = watchSchedule(stage.pool, ids, intervalMs)
    const seconds = await disturb({ stage, settings: { ...settings, seed, monitors }, doneMs: before?.doneMs ?? 0, stopped, say })
    await watch.stop()
    const settled = await settle(stage, ids, say)
    writeRecord(folder, { seed, monitors, doneMs: seconds * 1_000, settled: true })
    const verdicts = await check(stage, seed, pace, settled)
    writeFileSync(join(folder, 'verdicts.json'), JSON.stringify(verdicts, null, 2))
    const faults = faultsOf(folder)
    const recoveries = recoveriesOf(faults, looksOf(folder, watch))
    return { seed, command, monitors, intervalS: pace.intervalS, seconds, faults, verdicts, recoveries }
  } finally {
    await stage.close()
  }
}

type Disturbance = Readonly<{ stage: Stage; settings: ChaosSettings; doneMs: number; stopped: AbortSignal; say: (line: string) => void }>

/** Carries out what is left of the plan; the seconds that faults have been coming for, in all. */
async function disturb({ stage, settings, doneMs, stopped, say }: Disturbance): Promise<number> {
  const choices = catalog
    .filter(({ name }) => settings.faults.includes(name))
    .map(({ name, targets, durationMs }) => ({ name, durationMs, targets: targets(stage) }))
  for (const { name, targets } of choices) if (targets.length === 0) say(`${name} can't be done on this machine`)
  const all = planFaults(settings.seed, settings.minutes * 60_000, choices)
  const left = all.filter(({ atMs }) => atMs >= doneMs).map((fault) => ({ ...fault, atMs: fault.atMs - doneMs }))
  const startedMs = Date.now()
  const save = (): void =>
    writeRecord(stage.folder, { seed: settings.seed, monitors: settings.monitors, doneMs: doneMs + Date.now() - startedMs, settled: false })
  save()
  const saving = setInterval(save, recordEveryMs)
  await carryOut(stage, settings.seed, left, settings.minutes * 60_000 - doneMs, stopped, say)
  clearInterval(saving)
  return (doneMs + Date.now() - startedMs) / 1_000
}

/** Kept beside the faults, so that a run that is carried on knows those of before. */
function looksOf(folder: string, { looks }: Watch): Watch['looks'] {
  const file = join(folder, 'looks.json')
  const stored = z.array(z.object({ atMs: z.number(), behind: z.number().nullable() }))
  const all = [...(existsSync(file) ? stored.parse(JSON.parse(readFileSync(file, 'utf8'))) : []), ...looks]
  writeFileSync(file, JSON.stringify(all))
  return all
}

function readRecord(folder: string): RunRecord | null {
  const file = join(folder, 'run.json')
  return existsSync(file) ? record.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}

function writeRecord(folder: string, value: RunRecord): void {
  writeFileSync(join(folder, 'run.json'), JSON.stringify(value))
}
