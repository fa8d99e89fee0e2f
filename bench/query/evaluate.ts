/** How long the engine computes once the source has answered. Read next: activities/metric-readings.ts, core/query/evaluate/window.ts. */
import { metricReadings } from '../../activities/metric-readings.ts'
import type { SeriesSource, SourceQuery } from '../../activities/ports.ts'
import { utcStarts } from '../../core/monitor/spec.ts'
import type { MetricQuery } from '../../core/query/metric-nodes.ts'
import { parseQuery } from '../../core/query/parse.ts'
import type { FigureGroup } from './query.ts'

const hosts = 1_000
/** Of several rounds the median counts; the first ones are for the compiler. */
const rounds = 15
const warmUps = 5
const slot = 1_700_000_000_000

const texts = {
  averageMs: 'avg(last_30m):avg:system.cpu.user{*} by {host} > 90',
  ratioMs: 'sum(last_30m):default_zero(sum:web.errors{*} by {host}.as_count()) / sum:web.requests{*} by {host}.as_count() * 100 > 5',
  agileMs:
    "avg(last_4h):anomalies(avg:web.latency{*} by {host}, 'agile', 3, interval=60, alert_window='last_15m', seasonality='daily') >= 1",
} as const

export const evaluating: FigureGroup = {
  about:
    `Computing: a slot of ${hosts} hosts whose source answers at once, from the plan of what to ask to the value of each group, on one core: ` +
    'an average over 30 points a host; a ratio of sums with zeros for gaps; agile anomalies over 79 points and seven seasons a host. CPU (collecting garbage included), median of 15 rounds after 5 to warm up.',
  figures: [
    { key: 'averageMs', label: `average of ${hosts} hosts × 30 points, ms`, digits: 2, goal: { atMost: 5 } },
    { key: 'ratioMs', label: `ratio of two sums by host, the same, ms`, digits: 2 },
    { key: 'agileMs', label: `agile anomalies of ${hosts} hosts, ms`, digits: 0 },
  ],
  measure: async (say) => {
    const figures: Record<string, number> = {}
    for (const [key, text] of Object.entries(texts)) {
      say(`computing ${text}`)
      figures[key] = await median(parsed(text))
    }
    return figures
  },
}

async function median(query: MetricQuery): Promise<number> {
  const source = madeUpSource()
  const took: number[] = []
  for (let round = -warmUps; round < rounds; round += 1) {
    const before = process.cpuUsage()
    const [reading] = await metricReadings(source, question, query, () => slot)
    if (Object.keys(reading?.values ?? {}).length !== hosts) throw new Error('some hosts have no value')
    const { user, system } = process.cpuUsage(before)
    if (round >= 0) took.push((user + system) / 1_000)
  }
  took.sort((left, right) => left - right)
  return took[Math.floor(rounds / 2)] ?? Number.NaN
}

const question: SourceQuery = {
  type: 'query alert',
  query: '',
  slots: [slot],
  delayMs: 0,
  calendar: utcStarts,
  requireFullWindow: false,
  groupsMax: 10_000,
  timeoutMs: 1_000,
}

/** Answers the same frame to the same time, so that making it isn't measured after the first round. */
function madeUpSource(): SeriesSource {
  const frames = new Map<string, ReturnType<typeof frameOf>>()
  return {
    series: async ({ fromMs, toMs, stepMs }) => {
      const key = `${fromMs} ${toMs} ${stepMs}`
      const frame = frames.get(key) ?? frameOf(fromMs, toMs, stepMs)
      frames.set(key, frame)
      return frame
    },
  }
}

function frameOf(fromMs: number, toMs: number, stepMs: number) {
  const length = Math.ceil((toMs - fromMs) / stepMs)
  const valuesOf = (host: number) => Array.from({ length }, (_, i) => 50 + ((host * 31 + i * 17 + (toMs / stepMs) * 7) % 23))
  const series = Array.from({ length: hosts }, (_, host) => [`host:web-${host}`, valuesOf(host)] as const)
  return { startMs: toMs - length * stepMs, stepMs, length, series: Object.fromEntries(series) }
}

function parsed(text: string): MetricQuery {
  const result = parseQuery('query alert', text)
  if (!result.ok || result.query.kind !== 'metric') throw new Error(`not a metric query: ${text}`)
  return result.query
}
