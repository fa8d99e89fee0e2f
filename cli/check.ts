/**
 * `npm run check`: every rule of this project that a machine can hold. Prints each with its time; exits with 1 if one fails.
 * Never changes a file. Read next: check/, .dependency-cruiser.mjs.
 */
import { checkBundle } from './check/bundle.ts'
import { findEdges } from './check/edges.ts'
import { readSources } from './check/files.ts'
import { checkGenerated } from './check/generated.ts'
import { checkLayers } from './check/layers.ts'
import { findImpurities } from './check/purity.ts'
import { type Check, found, toolCheck } from './check/result.ts'

const checks: readonly Check[] = [
  toolCheck('types', 'tsc', ['-p', '.']),
  toolCheck('types of the console', 'tsc', ['-p', 'console']),
  toolCheck('format and lint', 'biome', ['ci', '--colors=off', '--error-on-warnings', '.']),
  toolCheck('promises', 'oxlint', ['--type-aware', '--deny-warnings']),
  toolCheck('dead code', 'knip', ['--no-progress']),
  { name: 'layers', run: () => checkLayers() },
  { name: 'purity of core', run: checkPurity },
  { name: 'environment and network', run: checkEdges },
  { name: 'workflow bundle', run: checkBundle },
  { name: 'generated files', run: checkGenerated },
]

/** Two at a time: most are programs of one thread, and the machine may have two cores. */
const sideBySide = 2

process.exitCode = (await runAll()) ? 0 : 1

async function runAll(): Promise<boolean> {
  const waiting = [...checks]
  let allOk = true
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const ok = await runOne(check)
      allOk = allOk && ok
    }
  }
  await Promise.all(Array.from({ length: sideBySide }, worker))
  return allOk
}

async function runOne({ name, run }: Check): Promise<boolean> {
  const startedMs = performance.now()
  const { ok, details } = await run().catch((error: unknown) => ({ ok: false, details: String(error) }))
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
  const remark = ok && details !== '' ? `  ${details}` : ''
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(24)} ${seconds.padStart(5)} s${remark}`)
  if (!ok) console.log(indent(details))
  return ok
}

async function checkPurity() {
  const files = await readSources(['core/**/*.ts', 'core/**/*.js'], 20)
  const sources = files.filter(({ path }) => !path.endsWith('.d.ts'))
  return found(
    sources.flatMap(({ path, source }) => findImpurities(path, source)),
    `${sources.length} files`,
  )
}

async function checkEdges() {
  const files = await readSources(['{core,contract,workflows,activities,adapters,telemetry,workers,api,cli}/**/*.{ts,mjs}', '*.ts'], 50)
  const sources = files.filter(({ path }) => !path.endsWith('.d.ts'))
  return found(
    sources.flatMap(({ path, source }) => findEdges(path, source)),
    `${sources.length} files`,
  )
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `       ${line}`)
    .join('\n')
}
