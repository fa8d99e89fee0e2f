/**
 * `node bench/simulate.ts [--monitors 1000000] [--interval 60] [--seed 1] [--only WORD] [--json] [--write]`: the schedule of very many
 * monitors without running one: how evenly slots and shards are filled, how late a fleet gets when something happens. The same arguments
 * print the same; --write puts it into docs/capacity.md. Exits with 2 for unknown ones. Read next: simulate/fleet.ts, simulate/scenarios.ts.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { monitorsPerWorker } from './scale/model.ts'
import { replaceSection } from './section.ts'
import { simulateFleet } from './simulate/fleet.ts'
import { renderSimulation, type Simulation } from './simulate/report.ts'
import { scenariosOf } from './simulate/scenarios.ts'
import { monitorsPerShard, slotsPerSecond } from './simulate/spread.ts'

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max)
// More than five millions need more memory than a shell's Node takes; in less than five seconds ticks of 100 ms say little.
const asked = z.object({
  monitors: whole(100, 5_000_000).default(1_000_000),
  interval: whole(5, 3_600).default(60),
  seed: whole(1, 2 ** 32).default(1),
  only: z.string().default(''),
  json: z.boolean().default(false),
  write: z.boolean().default(false),
})
const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const options = { monitors: text, interval: text, seed: text, only: text, json: flag, write: flag }
const shardCounts = [4, 64, 512]
const page = fileURLToPath(new URL('../docs/capacity.md', import.meta.url))

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const parsed = readArguments(args)
  if (typeof parsed === 'string') {
    console.error(parsed)
    return 2
  }
  const simulation = simulate(parsed)
  const report = renderSimulation(simulation).join('\n')
  console.log(parsed.json ? JSON.stringify(simulation) : report)
  if (parsed.write) await writeFile(page, replaceSection(await readFile(page, 'utf8'), 'simulate', report))
  return 0
}

function simulate({ monitors, interval, seed, only }: z.output<typeof asked>): Simulation {
  const intervalMs = interval * 1_000
  const workers = Math.max(2, Math.ceil(monitors / monitorsPerWorker))
  const scenarios = scenariosOf({ monitors, intervalMs, workers, seed }).filter(({ name }) => name.includes(only))
  return {
    ...{ monitors, workers, seed, intervalS: interval },
    perSecond: slotsPerSecond(monitors, intervalMs),
    perShard: shardCounts.map((shards) => ({ shards, ...monitorsPerShard(monitors, shards) })),
    courses: scenarios.map(({ name, fleet }) => {
      // Each takes half a minute for a million; progress is for people.
      console.error(name)
      return { name, ...simulateFleet(fleet) }
    }),
  }
}

function readArguments(args: readonly string[]): z.output<typeof asked> | string {
  const usage = 'usage: node bench/simulate.ts [--monitors 1000000] [--interval 60] [--seed 1] [--only WORD] [--json] [--write]'
  try {
    const parsed = asked.safeParse(parseArgs({ args: [...args], options }).values)
    if (parsed.success) return parsed.data
    return [...parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`), usage].join('\n')
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${usage}`
  }
}
