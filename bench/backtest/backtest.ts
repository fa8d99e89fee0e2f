/**
 * A week of a monitor at 60 s with 20 groups, backtested over the real intake in PostgreSQL by the real activity. Temporal and
 * HTTP are left out: they cost some milliseconds a backtest.
 * Read next: activities/backtest.ts, activities/source-history.ts.
 */

import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { backtestActivities } from '../../activities/backtest.ts'
import { fixedSources } from '../../activities/fixed-sources.ts'
import { metricDatasource } from '../../activities/metric-source.ts'
import type { Datasource } from '../../activities/ports.ts'
import { windowStart } from '../../adapters/datasources/calendar.ts'
import { intakeSeries } from '../../adapters/datasources/intake/series.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { notificationStore } from '../../adapters/postgres/queries/notifications.ts'
import { recurrences } from '../../adapters/recurrences/recurrences.ts'
import type { BacktestInput } from '../../core/backtest/plan.ts'
import type { BacktestReport } from '../../core/backtest/report.ts'
import type { Benchmark, Figures } from '../benchmark.ts'
import { withPostgres } from '../postgres.ts'
import { groups, pushWeek, weekEndMs, weekMs } from './week.ts'

export const backtest: Benchmark = {
  name: 'backtest',
  about:
    'Seven days of a monitor at 60 s (10,080 slots) over a metric of 20 hosts with a point a minute each, by the activity and the real intake in an embedded PostgreSQL; ' +
    'each host leaves OK some twenty times. Temporal and HTTP are left out. The best of three.',
  figures: [
    { key: 'slotsPerSecond', label: 'slots a second', digits: 0, goal: { atLeast: 2_000 } },
    { key: 'seconds', label: 'the whole backtest, s', digits: 2 },
    { key: 'sourceSeconds', label: 'of that spent waiting for or in the source, s', digits: 2 },
    { key: 'questions', label: 'questions to the source', digits: 0 },
    { key: 'transitions', label: 'transitions decided', digits: 0 },
  ],
  run,
}

async function run(say: (line: string) => void): Promise<Figures> {
  return withPostgres(async (pool) => {
    say('a week of points')
    await pushWeek(pool)
    const runs: Run[] = []
    for (let round = 0; round < 3; round += 1) {
      const one = await measure(pool)
      say(`${one.report.summary}: ${one.seconds.toFixed(2)} s`)
      runs.push(one)
    }
    return figuresOf(runs.reduce((best, one) => (one.seconds < best.seconds ? one : best)))
  })
}

type Run = Readonly<{ report: BacktestReport; seconds: number; sourceSeconds: number; questions: number }>

async function measure(pool: Pool): Promise<Run> {
  let sourceMs = 0
  let questions = 0
  const intake = metricDatasource(intakeSeries(pool), windowStart)
  const timed: Datasource = {
    types: intake.types,
    query: async (query) => {
      const startedAt = performance.now()
      questions += 1
      try {
        return await intake.query(query)
      } finally {
        sourceMs += performance.now() - startedAt
      }
    },
  }
  const activities = backtestActivities({
    sources: fixedSources([timed]),
    downtimes: null,
    recurrences: recurrences(),
    notifications: notificationStore(pool),
    renderer: messageRenderer(),
    clock: Date.now,
  })
  const startedAt = performance.now()
  const report: BacktestReport = await new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(
    activities.backtest,
    input,
  )
  return { report, seconds: (performance.now() - startedAt) / 1_000, sourceSeconds: sourceMs / 1_000, questions }
}

function figuresOf({ report, seconds, sourceSeconds, questions }: Run): Figures {
  const { slots, would_have: wouldHave, timeline } = report
  if (slots.evaluated !== weekMs / 60_000 + 1 || Object.keys(timeline.groups).length !== groups)
    throw new Error('the week was not judged whole')
  return {
    slotsPerSecond: (slots.evaluated + slots.warm_up) / seconds,
    seconds,
    sourceSeconds,
    questions,
    transitions: wouldHave.transitions.length + wouldHave.transitions_left_out,
  }
}

const input: BacktestInput = {
  definition: {
    monitorId: 0,
    version: 0,
    type: 'query alert',
    name: 'CPU of {{host.name}}',
    query: 'avg(last_5m):avg:bench.cpu{*} by {host} > 90',
    message: '{{#is_alert}}{{value}} @webhook-ops{{/is_alert}}',
    priority: null,
    tags: [],
    draftStatus: 'published',
    options: { thresholds: { critical: 90, warning: 80 } },
  },
  time: { fromMs: weekEndMs - weekMs, toMs: weekEndMs },
}
