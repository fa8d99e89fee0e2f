/**
 * Which series of alerts are written elsewhere, and which end: what was written stands in PostgreSQL, so that another worker, or the same one
 * after a restart, ends what this one began. No decision reads it. Read next: queries/alert-series.ts, core/prometheus-template/alert-series.ts.
 */
import { hash } from 'node:crypto'
import type { SampleTarget } from '../../activities/rule-ports.ts'
import { alertSamples, type Sample, seriesKey, type WrittenAlert } from '../../core/prometheus-template/alert-series.ts'
import type { Log } from '../../telemetry/log.ts'
import type { Pool } from './pool.ts'
import { endOrphans, forgetSeries, type KnownSeries, knownSeries, saveSeries } from './queries/alert-series.ts'

/** How the alerts of a monitor are as of `atMs`. */
export type AlertsAt = Readonly<{ monitorId: number; atMs: number; alerts: readonly WrittenAlert[] }>

export type AlertSeries = Readonly<{
  /** One of each monitor, none older than what was written before. Rejects where PostgreSQL is away. */
  write: (evaluated: readonly AlertsAt[]) => Promise<void>
  /** Ends what nobody evaluates any more, and what a worker that is gone left. To be called now and then. */
  sweep: (nowMs: number) => Promise<void>
}>

/** By then whoever decided on an end has told of it, or there is nobody any more. */
const staleAfterMs = 60_000
/** Of one sweep: the next one takes the rest. */
const sweepMax = 5_000

export function alertSeries(pool: Pool, target: SampleTarget, log: Pick<Log, 'warn'>): AlertSeries {
  const push = (samples: readonly Sample[], ended: readonly KnownSeries[]): void =>
    target.push(samples, () => {
      if (ended.length === 0) return
      // They are told of again by the next sweep.
      forgetSeries(pool, ended).catch((reason: unknown) => log.warn({ reason, series: ended.length }, 'alert-series-not-forgotten'))
    })
  return {
    async write(evaluated) {
      const known = Map.groupBy(
        await knownSeries(
          pool,
          evaluated.map(({ monitorId }) => monitorId),
        ),
        ({ monitorId }) => monitorId,
      )
      const changes = evaluated.map((one) => changeOf(one, known.get(one.monitorId) ?? []))
      const changed = changes.flatMap(({ begun, ended }) => [...begun, ...ended.filter(({ isNew }) => isNew).map(({ series }) => series)])
      // Before they are written: whoever comes after a crash must know of them.
      if (changed.length > 0) await saveSeries(pool, changed)
      for (const { samples, ended } of changes) {
        const over = ended.map(({ series }) => series)
        push([...samples, ...over.flatMap(endOf)], over)
      }
    },
    async sweep(nowMs) {
      // What waits already would only wait twice.
      if (!target.idle()) return
      const ended = await endOrphans(pool, nowMs - staleAfterMs, sweepMax)
      push(ended.flatMap(endOf), ended)
    },
  }
}

type Change = Readonly<{
  samples: readonly Sample[]
  begun: readonly KnownSeries[]
  ended: readonly Readonly<{ series: KnownSeries; isNew: boolean }>[]
}>

function changeOf({ monitorId, atMs, alerts }: AlertsAt, known: readonly KnownSeries[]): Change {
  const samples = alertSamples(alerts, atMs)
  const keyed = new Map(samples.map((sample) => [hash('sha1', seriesKey(sample.labels)), sample]))
  const open = new Set(known.flatMap(({ key, endedMs }) => (endedMs === null ? [key] : [])))
  return {
    samples,
    begun: [...keyed].filter(([key]) => !open.has(key)).map(([key, { labels }]) => ({ monitorId, key, labels, endedMs: null })),
    ended: known
      .filter(({ key }) => !keyed.has(key))
      .map((series) => ({ series: { ...series, endedMs: series.endedMs ?? atMs }, isNew: series.endedMs === null })),
  }
}

function endOf({ labels, endedMs }: KnownSeries): Sample[] {
  return endedMs === null ? [] : [{ labels, atMs: endedMs, value: null }]
}
