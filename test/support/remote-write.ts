/** What remote write sends, read by the protocol's own description; and a Prometheus that takes it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import protobuf from 'protobufjs'
import snappy from 'snappyjs'
import { stringify } from 'yaml'
import { z } from 'zod'
import { request } from '../../adapters/http/fetch.ts'
import type { RemoteWriteConfig } from '../../adapters/remote-write/post.ts'
import { remoteWriter } from '../../adapters/remote-write/writer.ts'
import type { Sample } from '../../core/prometheus-template/alert-series.ts'
import type { RemoteWriteMetrics } from '../../telemetry/remote-write-metrics.ts'
import { temporaryFolder } from './folder.ts'
import { startJudge } from './judge.ts'

const { root } = protobuf.parse(`syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }`)
const writeRequest = z.object({
  timeseries: z.array(
    z.object({
      labels: z.array(z.object({ name: z.string(), value: z.string() })),
      samples: z.array(z.object({ value: z.number().or(z.nan()), timestamp: z.number() })),
    }),
  ),
})

/** A NaN is a stale marker: no other is written. */
export function readWriteRequest(body: Uint8Array): Sample[] {
  const type = root.lookupType('WriteRequest')
  const decoded = type.toObject(type.decode(snappy.uncompress(body)), { longs: Number, defaults: true })
  return writeRequest.parse(decoded).timeseries.flatMap(({ labels, samples }) =>
    samples.map(({ value, timestamp }) => ({
      labels: Object.fromEntries(labels.map(({ name, value: text }) => [name, text])),
      atMs: timestamp,
      value: Number.isNaN(value) ? null : value,
    })),
  )
}

/** What was counted, by outcome. */
export function countedWrites(): Readonly<{ metrics: RemoteWriteMetrics; counts: Record<string, number> }> {
  const counts: Record<string, number> = { sent: 0, failed: 0, dropped: 0, waiting: 0, retries: 0 }
  return {
    counts,
    metrics: {
      samples: (outcome, count) => {
        counts[outcome] = (counts[outcome] ?? 0) + count
      },
      waiting: (count) => {
        counts.waiting = count
      },
      retried: () => {
        counts.retries = (counts.retries ?? 0) + 1
      },
    },
  }
}

export const plainTarget = (url: string): RemoteWriteConfig => ({ url, username: null, password: null, token: null, tenant: null })

export function writerTo(config: RemoteWriteConfig, bounds: Parameters<typeof remoteWriter>[0]['bounds'] = {}) {
  const { metrics, counts } = countedWrites()
  const log = { warn: () => {} }
  return { counts, ...remoteWriter({ config, send: request, metrics, log, bounds }) }
}

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]).optional(),
        values: z.array(z.tuple([z.number(), z.string()])).optional(),
      }),
    ),
  }),
})
export type PrometheusSeries = z.output<typeof answer>['data']['result'][number]

export type WritablePrometheus = Readonly<{
  url: string
  target: RemoteWriteConfig
  /** As of `atMs`. */
  query: (promql: string, atMs: number) => Promise<PrometheusSeries[]>
  /** Until the other side has them. */
  write: (samples: readonly Sample[]) => Promise<void>
  close: () => Promise<void>
}>

/** `rules`: a rule file that it evaluates itself; `alertmanager`: host and port of whom it posts its alerts to. */
export async function startWritablePrometheus(rules: unknown = null, alertmanager: string | null = null): Promise<WritablePrometheus> {
  const folder = temporaryFolder()
  const config = {
    global: { external_labels: { region: 'eu' } },
    scrape_configs: [],
    ...(rules === null ? {} : { rule_files: ['rules.yml'] }),
    ...(alertmanager === null ? {} : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
  }
  writeFileSync(join(folder.path, 'prometheus.yml'), stringify(config))
  if (rules !== null) writeFileSync(join(folder.path, 'rules.yml'), stringify(rules))
  const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--web.enable-remote-write-receiver']
  const { url, close } = await startJudge(
    'Prometheus',
    'prometheus',
    [...args, '--web.external-url=http://prom.example.com', '--web.route-prefix=/'],
    folder,
  )
  const target = plainTarget(`${url}/api/v1/write`)
  const writer = writerTo(target)
  return {
    url,
    target,
    async query(promql, atMs) {
      const reply = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}&time=${atMs / 1_000}`)
      return answer.parse(await reply.json()).data.result
    },
    write: (samples) => new Promise((resolve) => writer.push(samples, resolve)),
    async close() {
      await writer.close()
      await close()
    },
  }
}
