/**
 * `npm run chaos -- [--seed N] [--minutes M] [--faults a,b] [--monitors N] [--write]`: the fault laboratory. Real processes on loopback,
 * faults drawn from the seed, and a checker that holds what is left against what must be. Exits with 1 where an invariant is broken,
 * with 2 for unknown arguments. Read next: run.ts, stage.ts, check/check.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeCircumstances } from '../machine.ts'
import { faultNames } from './faults/names.ts'
import { renderChaos, renderRecovery, renderVerdict } from './report.ts'
import { run } from './run.ts'
import { type ChaosSettings, readSettings } from './settings.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const startedAt = performance.now()
/** Short enough to be typed again. */
const seedsMax = 1_000_000

const settings = readSettings(process.argv.slice(2), Date.now() % seedsMax)
if (typeof settings === 'string') {
  console.error(settings)
  process.exitCode = 2
} else process.exitCode = await main(settings)

async function main(asked: ChaosSettings): Promise<number> {
  const folder = asked.folder ?? mkdtempSync(join(tmpdir(), 'tocsin-chaos-'))
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The second one means it: what was started is ended, and nothing is checked.
      if (stopping.signal.aborted) process.exit(1)
      say('no more faults: coming to rest, then checking')
      stopping.abort()
    })
  }
  const circumstances = await describeCircumstances(root)
  const { seed, minutes, monitors, faults } = asked
  const chosen = faults.length === faultNames.length ? '' : ` --faults ${faults.join(',')}`
  const command = `npm run chaos -- --seed ${seed} --minutes ${minutes} --monitors ${monitors}${chosen}${asked.writes ? ' --write' : ''}`
  console.log(`seed ${seed}, commit ${circumstances.commit}; again: ${command}`)
  try {
    const outcome = await run({ settings: { ...asked, folder }, command, stopped: stopping.signal, say })
    for (const recovery of outcome.recoveries) console.log(renderRecovery(recovery))
    for (const verdict of outcome.verdicts) console.log(renderVerdict(verdict))
    const broken = outcome.verdicts.filter(({ violations }) => violations.length > 0).length
    const done = outcome.faults.filter(({ problem }) => problem === null).length
    console.log(
      `${outcome.verdicts.length - broken} of ${outcome.verdicts.length} invariants hold after ${done} faults; seed ${outcome.seed}`,
    )
    if (asked.writes) writeFileSync(join(root, 'bench', 'CHAOS.md'), renderChaos(circumstances, outcome))
    if (broken === 0 && asked.folder === null) rmSync(folder, { recursive: true, force: true })
    else console.log(`logs and records are in ${folder}`)
    return broken === 0 ? 0 : 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    console.error(`logs and records are in ${folder}`)
    return 1
  }
}

function say(line: string): void {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${line}`)
}
