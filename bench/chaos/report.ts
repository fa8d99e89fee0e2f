/** What a run came to, for people: lines on the terminal, and bench/CHAOS.md. Pure. Read next: main.ts. */
import type { Circumstances } from '../report.ts'
import type { CarriedOut } from './carry-out.ts'
import type { Verdict } from './check/invariant.ts'
import type { Recovery } from './recovery.ts'

export type Outcome = Readonly<{
  seed: number
  command: string
  monitors: number
  intervalS: number
  seconds: number
  faults: readonly CarriedOut[]
  verdicts: readonly Verdict[]
  recoveries: readonly Recovery[]
}>

/** Of each invariant that doesn't hold: enough to see what kind it is. The rest is in the folder's verdicts.json. */
const shownMax = 5

export function renderVerdict({ invariant, looked, violations }: Verdict): string {
  if (violations.length === 0) return `holds   ${invariant} (${looked})`
  const more = violations.length - shownMax
  const shown = violations.slice(0, shownMax).map((line) => `        ${line.slice(0, 600)}`)
  return [`BROKEN  ${invariant} (${looked}): ${violations.length}`, ...shown, ...(more > 0 ? [`        … and ${more} more`] : [])].join(
    '\n',
  )
}

export function renderRecovery({ name, times, medianS, maxS, unfinished, from, goalS }: Recovery): string {
  const cut = unfinished === 0 ? '' : `; ${unfinished} not over when the next fault came`
  return `${name}: on schedule ${medianS.toFixed(1)} s after the ${from} (median of ${times}; longest ${maxS.toFixed(1)} s; goal ${goalS} s${cut})`
}

export function renderChaos(circumstances: Circumstances, outcome: Outcome): string {
  const { faults, verdicts, recoveries } = outcome
  const counts = Map.groupBy(faults, ({ name }) => name)
  const names = [...counts.keys()].sort()
  const done = faults.filter(({ problem }) => problem === null).length
  return `# A run of the fault laboratory

\`npm run chaos\` kills, cuts off, slows down and confuses real processes, and holds what is left against what \`step\` alone decides.
Written by \`${outcome.command}\`.

| | |
|---|---|
| when | ${circumstances.date} |
| machine | ${circumstances.machine} |
| software | ${circumstances.software} |
| commit | ${circumstances.commit} |
| load when it began | ${circumstances.load} |
| seed | ${outcome.seed} |
| monitors | ${outcome.monitors}, each every ${outcome.intervalS} s |
| time of faults | ${(outcome.seconds / 60).toFixed(1)} minutes |
| faults | ${faults.length}, of which ${done} were carried out |

## Invariants
| | looked at | violations |
|---|---|---:|
${verdicts.map(({ invariant, looked, violations }) => `| ${invariant} | ${looked} | ${violations.length} |`).join('\n')}

## Recovery
From SIGKILL of a worker, or from the return of a server, until every monitor was on schedule: each slot evaluated and written down within
three seconds. Of faults that came alone.

${recoveries.length === 0 ? 'None came alone.' : recoveryTable(recoveries)}

## Faults
| fault | times | not carried out | longest s |
|---|---:|---:|---:|
${names.map((name) => faultRow(name, counts.get(name) ?? [])).join('\n')}
`
}

function faultRow(name: string, all: readonly CarriedOut[]): string {
  const longest = Math.max(...all.map(({ beganMs, endedMs }) => endedMs - beganMs)) / 1_000
  return `| ${name} | ${all.length} | ${all.filter(({ problem }) => problem !== null).length} | ${longest.toFixed(1)} |`
}

function recoveryTable(recoveries: readonly Recovery[]): string {
  return `| fault | counted from | goal s | times | median s | longest s | not over when the next fault came |
|---|---|---:|---:|---:|---:|---:|
${recoveries.map(recoveryRow).join('\n')}`
}

function recoveryRow({ name, from, goalS, times, medianS, maxS, unfinished }: Recovery): string {
  return `| ${name} | ${from} | ${goalS} | ${times} | ${medianS.toFixed(1)} | ${maxS.toFixed(1)} | ${unfinished} |`
}
