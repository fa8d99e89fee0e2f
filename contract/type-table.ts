/**
 * The types of monitors as people choose among them: what each is for, with a query to begin with. One table for pages that make monitors.
 * Never says what a type means: docs/semantics.md does. Read next: types.ts.
 */
import type { MonitorType } from './types.ts'

export const typeGroups = ['Metrics', 'Checks', 'Logs and events', 'Other monitors', 'Kept for Datadog'] as const
export type TypeGroup = (typeof typeGroups)[number]

/** `example` evaluates where its source has data. Of `Kept for Datadog` no source evaluates any: they are stored and given back. */
export type TypeEntry = Readonly<{ group: TypeGroup; title: string; about: string; example: string }>

const searched = (source: string): string => `${source}("*").rollup("count").last("5m") > 10`
const kept = (title: string, about: string, example: string): TypeEntry => ({ group: 'Kept for Datadog', title, about, example })

export const typeTable: Readonly<Record<MonitorType, TypeEntry>> = {
  'query alert': {
    group: 'Metrics',
    title: 'Metric',
    about: 'A metric, or an expression of several, over a time: thresholds, changes, anomalies, outliers, forecasts.',
    example: 'avg(last_5m):avg:system.load.1{*} by {host} > 8',
  },
  'metric alert': {
    group: 'Metrics',
    title: 'Metric formula',
    about: 'The same under Datadog’s other name, also for formulas over variables.',
    example: 'avg(last_5m):avg:system.load.1{*} by {host} > 8',
  },
  'promql alert': {
    group: 'Metrics',
    title: 'PromQL',
    about: 'An expression of Prometheus; each series that it answers is a group.',
    example: 'sum by (job) (up == 0) > 0',
  },
  'sql alert': {
    group: 'Metrics',
    title: 'SQL',
    about: 'A statement on a PostgreSQL: each row is a group, the column value is compared.',
    example: "select count(*) as value from orders where created_at > $__slot - interval '5 minutes'; < 1",
  },
  'http alert': {
    group: 'Checks',
    title: 'Web page, port, certificate',
    about: 'Asked by the engine itself: HTTP, TLS, TCP or DNS.',
    example: 'http("https://example.com/health").failed() > 0',
  },
  'heartbeat alert': {
    group: 'Checks',
    title: 'Job',
    about: 'A job calls an address when it is done; no call in time is an alert. Make its key long: it is the only secret.',
    example: 'heartbeat("nightly-export-9f3c2a7e51").every("1d").grace("1h")',
  },
  'service check': {
    group: 'Checks',
    title: 'Service check',
    about: 'Results that programs push: ok, warning, critical.',
    example: '"app.can_connect".over("*").by("host").last(2).count_by_status()',
  },
  'log alert': {
    group: 'Logs and events',
    title: 'Logs',
    about: 'Entries that a search finds, counted or measured.',
    example: 'logs("status:error").rollup("count").by("service").last("5m") > 10',
  },
  'event-v2 alert': {
    group: 'Logs and events',
    title: 'Events',
    about: 'Events that a search finds.',
    example: 'events("source:deploy status:error").rollup("count").last("15m") > 0',
  },
  'event alert': {
    group: 'Logs and events',
    title: 'Events, older form',
    about: 'As Datadog wrote them before.',
    example: "events('status:error').rollup('count').last('15m') > 0",
  },
  composite: {
    group: 'Other monitors',
    title: 'Composite',
    about: 'Other monitors by their ids, joined by and, or, not.',
    example: '1001 && 1002',
  },
  'audit alert': kept('Audit trail', 'Searches of Datadog’s audit trail.', searched('audit')),
  'ci-pipelines alert': kept('CI pipelines', 'Pipelines as Datadog sees them.', searched('ci-pipelines')),
  'ci-tests alert': kept('CI tests', 'Tests as Datadog sees them.', searched('ci-tests')),
  'cost alert': kept('Cost', 'What a cloud costs.', 'formula("query").last("7d").anomaly(direction="above", threshold=10) >= 5'),
  'data-jobs alert': kept('Data jobs', 'Jobs on data.', 'formula("query").last("1h") > 0'),
  'data-quality alert': kept('Data quality', 'Tables and their freshness.', 'formula("query").last("1d") > 0'),
  'database-monitoring alert': kept('Databases', 'Samples of queries.', searched('database-monitoring')),
  'error-tracking alert': kept('Errors', 'Issues that errors are gathered to.', 'error-tracking-rum("*").rollup("count").last("5m") > 10'),
  'llm-observability alert': kept('Language models', 'Traces of calls to models.', searched('llm-observability')),
  'network-path alert': kept('Network paths', 'Paths through networks.', searched('network-path')),
  'network-performance alert': kept('Network performance', 'Flows between services.', searched('network-performance')),
  'process alert': kept('Processes', 'Processes that run.', "processes('java').over('env:prod').rollup('count').last('10m') < 1"),
  'rum alert': kept('Browsers', 'What people’s browsers tell.', searched('rum')),
  'slo alert': kept('Service level', 'Error budgets of objectives.', 'error_budget("0123456789abcdef0123456789abcdef").over("7d") > 75'),
  'synthetics alert': kept('Synthetic tests', 'Tests that Datadog runs.', 'synthetics("abc-def-ghi")'),
  'trace-analytics alert': kept('Traces', 'Spans that a search finds.', searched('trace-analytics')),
}
