/**
 * `npm run bench`: runs every benchmark and writes RESULTS.md. `npm run -s bench -- <name>… [--json]` runs some and writes
 * nothing; with --json the last line is one JSON object per name. Exits with 2 for unknown arguments, with 1 where nothing
 * could be measured; a missed goal is a result. Read next: benchmark.ts, loop/loop.ts.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { api } from './api/api.ts'
import { backtest } from './backtest/backtest.ts'
import type { Benchmark } from './benchmark.ts'
import { groups } from './groups/groups.ts'
import { loop } from './loop/loop.ts'
import { describeCircumstances } from './machine.ts'
import { notifyBenchmark } from './notify/notify.ts'
import { queryBenchmark } from './query/query.ts'
import { type Measured, renderResults, renderText } from './report.ts'
import { stepBenchmark } from './step/step.ts'

const benchmarks: readonly Benchmark[] = [loop, stepBenchmark, queryBenchmark, backtest, groups, notifyBenchmark, api]
const root = fileURLToPath(new URL('../', import.meta.url))

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  return 1
})

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args)
  if (typeof asked === 'string') {
    console.error(asked)
    return 2
  }
  const circumstances = await describeCircumstances(root)
  const measured: Measured[] = []
  for (const benchmark of asked.chosen) {
    const one = await measure(benchmark)
    measured.push(one)
    console.log(asked.json ? JSON.stringify(one.figures) : renderText(one))
  }
  if (asked.writes) await writeFile(`${root}bench/RESULTS.md`, renderResults(circumstances, measured))
  return 0
}

type Asked = Readonly<{ chosen: readonly Benchmark[]; json: boolean; writes: boolean }>

/** A sentence where the arguments make no sense. */
function readArguments(args: readonly string[]): Asked | string {
  const usage = `usage: npm run -s bench -- [${benchmarks.map(({ name }) => name).join('|')}]… [--json]`
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } }, allowPositionals: true })
    const unknown = positionals.filter((name) => benchmarks.every((benchmark) => benchmark.name !== name))
    if (unknown.length > 0) return `there is no benchmark ${unknown.join(', ')}\n${usage}`
    const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
    return { chosen, json: values.json === true, writes: positionals.length === 0 }
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${usage}`
  }
}

async function measure(benchmark: Benchmark): Promise<Measured> {
  const startedAt = performance.now()
  const elapsed = (): number => (performance.now() - startedAt) / 1_000
  // Progress is for people; the output proper stays parsable.
  const say = (line: string): void => console.error(`${elapsed().toFixed(0).padStart(4)} s  ${benchmark.name}: ${line}`)
  const figures = await benchmark.run(say)
  return { benchmark, figures, seconds: elapsed() }
}
