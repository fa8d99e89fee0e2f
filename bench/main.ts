/**
 * `npm run bench`: runs every benchmark and writes RESULTS.md. `npm run -s bench -- <name>… [--json] [--full] [--write]` runs some and
 * writes nothing but, with --write, their parts of it and of pages; with --json the last line is one JSON object per name. Exits with 2
 * for unknown arguments, with 1 where nothing could be measured; a missed goal is a result. Read next: benchmark.ts, loop/loop.ts.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { api } from './api/api.ts'
import { backtest } from './backtest/backtest.ts'
import type { Benchmark } from './benchmark.ts'
import { groups } from './groups/groups.ts'
import { loop } from './loop/loop.ts'
import { describeCircumstances } from './machine.ts'
import { notifyBenchmark } from './notify/notify.ts'
import { overload } from './overload/overload.ts'
import { queryBenchmark } from './query/query.ts'
import { type Circumstances, type Measured, renderResults, renderText } from './report.ts'
import { scale } from './scale.ts'
import { refreshSection } from './section.ts'
import { stepBenchmark } from './step/step.ts'

const benchmarks: readonly Benchmark[] = [loop, stepBenchmark, queryBenchmark, backtest, groups, notifyBenchmark, api, scale, overload]
const options = { json: { type: 'boolean' }, full: { type: 'boolean' }, write: { type: 'boolean' } } as const
const root = fileURLToPath(new URL('../', import.meta.url))

// Ending by itself, it ends what it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
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
  for (const benchmark of asked.chosen) {
    const one = await measure(benchmark, asked.full)
    console.log(asked.json ? JSON.stringify(one.figures) : renderText(one))
    if (asked.writes) await write(circumstances, one)
  }
  return 0
}

/** One after the other: what was measured before another benchmark fails stays. */
async function write(circumstances: Circumstances, one: Measured): Promise<void> {
  const results = `${root}bench/RESULTS.md`
  const names = benchmarks.map(({ name }) => name)
  await writeFile(results, renderResults(await readFile(results, 'utf8'), circumstances, one, names))
  await refreshSection(root, circumstances, one)
}

type Asked = Readonly<{ chosen: readonly Benchmark[]; json: boolean; full: boolean; writes: boolean }>

/** A sentence where the arguments make no sense. */
function readArguments(args: readonly string[]): Asked | string {
  const usage = `usage: npm run -s bench -- [${benchmarks.map(({ name }) => name).join('|')}]… [--json] [--full] [--write]`
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const unknown = positionals.filter((name) => benchmarks.every((benchmark) => benchmark.name !== name))
    if (unknown.length > 0) return `there is no benchmark ${unknown.join(', ')}\n${usage}`
    const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
    const { json = false, full = false, write = positionals.length === 0 } = values
    return { chosen, json, full, writes: write }
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${usage}`
  }
}

async function measure(benchmark: Benchmark, full: boolean): Promise<Measured> {
  const startedAt = performance.now()
  const elapsed = (): number => (performance.now() - startedAt) / 1_000
  // Progress is for people; the output proper stays parsable.
  const say = (line: string): void => console.error(`${elapsed().toFixed(0).padStart(4)} s  ${benchmark.name}: ${line}`)
  const figures = await benchmark.run(say, { full })
  return { benchmark, figures, seconds: elapsed() }
}
