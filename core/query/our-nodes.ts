/**
 * What queries in languages of our own mean, once they are parsed. Plain JSON, no positions.
 * Read next: promql.peggy, sql.peggy, probe.peggy and heartbeat.peggy, the grammars.
 */
import type { Comparator } from '../monitor/spec-types.ts'

/**
 * `sum by (job) (rate(errors_total[5m])) > 0.5`: PromQL. The comparison at its end is taken off, so that the source is asked for all
 * series and not only for those that cross it; null = it ends in none. Then the monitor's thresholds say what is compared, and where
 * there are none either, each series that the query answers is an alert, as with rules of Prometheus.
 */
export type PromqlQuery = Readonly<{
  kind: 'promql'
  /** PromQL without that comparison. */
  of: string
  comparison: Comparison | null
}>

/**
 * `select host, count(*) as value from jobs group by host; > 10`: one statement of SQL that only reads. Without a comparison it is `>`,
 * and the monitor's thresholds say with what.
 */
export type SqlQuery = Readonly<{
  kind: 'sql'
  /** The statement, without the semicolon at its end. */
  statement: string
  comparison: Comparison | null
}>

export type Comparison = Readonly<{ comparator: Comparator; threshold: number }>

/**
 * `http("https://host/").status() != 200 || .latency() > 2`: something that the engine tries itself.
 * With one assertion the value is what it measures, and it is compared as written. With several the value is how many of them hold, so
 * `comparator` and `threshold` are `> 0`. What has no value (the status of no answer) doesn't hold; where none has a value there is no data.
 */
export type ProbeQuery = Readonly<{
  kind: 'probe'
  target: ProbeTarget
  /** One at least. */
  assertions: readonly Assertion[]
  comparator: Comparator
  threshold: number
}>

export type ProbeTarget =
  | HttpTarget
  /** `tls("host:443")` */
  | Readonly<{ kind: 'tls'; host: string; port: number }>
  /** `tcp("host:5432")` */
  | Readonly<{ kind: 'tcp'; host: string; port: number }>
  /** `dns("host", "AAAA")` */
  | Readonly<{ kind: 'dns'; name: string; record: DnsRecord }>

export type HttpTarget = Readonly<{
  kind: 'http'
  url: string
  method: 'GET' | 'HEAD' | 'POST'
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** `POST` only. */
  payload: string | null
}>

export type DnsRecord = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'TXT'

export type Assertion = Readonly<{ measure: ProbeMeasure; comparator: Comparator; threshold: number }>

export type ProbeMeasure =
  /** 1 = no answer in time, or of HTTP one of 400 or more; else 0. */
  | Readonly<{ kind: 'failed' }>
  /** Seconds until the answer was there. */
  | Readonly<{ kind: 'latency' }>
  /** HTTP: the status. */
  | Readonly<{ kind: 'status' }>
  /** HTTP: 1 = the regular expression is found in the body, else 0. */
  | Readonly<{ kind: 'body'; pattern: string }>
  /** TLS: days until the certificate ends; below 0 once it has ended. */
  | Readonly<{ kind: 'days_left' }>
  /** DNS: how many records there are, or how many of them read like this. */
  | Readonly<{ kind: 'answers'; value: string | null }>

/** `heartbeat("key").every("1h").grace("5m")`: how many pings in a row didn't come in time; `.missed() > 2` if one is no reason. */
export type HeartbeatQuery = Readonly<{
  kind: 'heartbeat'
  key: string
  everyMs: number
  everyText: string
  graceMs: number
  graceText: string
  comparator: Comparator
  threshold: number
}>
