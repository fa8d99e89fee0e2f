/**
 * A release in the middle of it all: workers with another version of the monitor's workflow, behind `patched` as it has to be, first one of
 * them, then both, for the rest of the run. Read next: ../../../workflows/versions.ts.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FaultKind } from './fault.ts'
import { restartWith } from './process.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const copied = [
  'core',
  'contract',
  'workflows',
  'activities',
  'adapters',
  'telemetry',
  'workers',
  'config.ts',
  'temporal.config.ts',
  'package.json',
]

/** One command more in each turn of the loop. */
const before = '    // Slots first: what was due before a message came is judged by what held then.\n'
const added = `    if (chaosPatched('chaos-deploy')) await readClock({ notBefore: Date.now() })\n`

export const deploy: FaultKind = {
  name: 'deploy',
  // Once in a run: the next release would be the same.
  targets: ({ overrides }) => (overrides['worker-b'].root === undefined ? ['worker-a', 'worker-b'] : []),
  durationMs: { min: 5_000, max: 10_000 },
  begin: async (stage) => {
    const release = releaseIn(stage.folder)
    await restartWith(stage, 'worker-a', { root: release })
    return () => restartWith(stage, 'worker-b', { root: release })
  },
}

/** A copy of what a worker needs, with the change in it. */
export function releaseIn(folder: string): string {
  const release = join(folder, 'release')
  if (existsSync(release)) return release
  mkdirSync(release)
  for (const path of copied) cpSync(join(root, path), join(release, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(release, 'node_modules'))
  const file = join(release, 'workflows', 'monitor.ts')
  const source = readFileSync(file, 'utf8')
  if (!source.includes(before)) throw new Error('workflows/monitor.ts is another than bench/chaos/faults/deploy.ts knows: mend the latter')
  const imported = `import { patched as chaosPatched } from '@temporalio/workflow'\n`
  writeFileSync(file, `${imported}${source.replace(before, `${added}${before}`)}`)
  return release
}
