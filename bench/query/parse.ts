/** Queries parsed and checked per second, on one core. Read next: core/query/metric-parse.ts. */

import { parseQuery } from '../../core/query/parse.ts'
import type { Figures } from '../benchmark.ts'
import { queryTexts } from './queries.ts'
import type { FigureGroup } from './query.ts'

/** Of several rounds the median counts; the first ones are for the compiler. */
const rounds = 7
const warmUps = 3
/** A round of all queries takes some tenths of a second. */
const passes = 400

export const parsing: FigureGroup = {
  about:
    'Parsing: metric queries of all kinds, from one series to ratios with functions and anomalies (bench/query/queries.ts), each parsed to nodes and checked, ' +
    'one after the other, per second of CPU (collecting garbage included): median of 7 rounds after 3 to warm up.',
  figures: [
    { key: 'parsedPerSecond', label: 'queries parsed and checked per second', digits: 0, goal: { atLeast: 20_000 } },
    { key: 'slowestParseMicroseconds', label: 'the slowest of them, µs', digits: 0 },
  ],
  measure: async (say) => {
    say(`parsing ${queryTexts.length} queries again and again`)
    const wrong = queryTexts.filter((text) => !parseQuery('query alert', text).ok)
    if (wrong.length > 0) throw new Error(`these are no queries: ${wrong.join(' · ')}`)
    return figures()
  },
}

function figures(): Figures {
  const all = median(() => secondsOf(queryTexts, passes))
  const slowest = Math.max(...queryTexts.map((text) => median(() => secondsOf([text], passes))))
  return { parsedPerSecond: (queryTexts.length * passes) / all, slowestParseMicroseconds: (slowest / passes) * 1e6 }
}

function median(measure: () => number): number {
  for (let round = 0; round < warmUps; round += 1) measure()
  const measured = Array.from({ length: rounds }, measure).sort((left, right) => left - right)
  return measured[Math.floor(rounds / 2)] ?? Number.NaN
}

/** Of CPU: other processes take turns on the same cores. */
function secondsOf(texts: readonly string[], times: number): number {
  const before = process.cpuUsage()
  for (let time = 0; time < times; time += 1) {
    for (const text of texts) parseQuery('query alert', text)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
