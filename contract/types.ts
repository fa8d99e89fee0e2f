/**
 * The types of monitor: Datadog's 23, and our own.
 * Read next: monitor.ts.
 */
export const datadogTypes = [
  'audit alert',
  'ci-pipelines alert',
  'ci-tests alert',
  'composite',
  'cost alert',
  'data-jobs alert',
  'data-quality alert',
  'database-monitoring alert',
  'error-tracking alert',
  'event alert',
  'event-v2 alert',
  'llm-observability alert',
  'log alert',
  'metric alert',
  'network-path alert',
  'network-performance alert',
  'process alert',
  'query alert',
  'rum alert',
  'service check',
  'slo alert',
  'synthetics alert',
  'trace-analytics alert',
] as const

export const ownTypes = ['promql alert', 'sql alert', 'http alert', 'heartbeat alert'] as const

export const monitorTypes = [...datadogTypes, ...ownTypes] as const

export type MonitorType = (typeof monitorTypes)[number]

/** Types that search events and may group by fields of their variables. */
const eventLike: ReadonlySet<MonitorType> = new Set([
  'audit alert',
  'ci-pipelines alert',
  'ci-tests alert',
  'database-monitoring alert',
  'error-tracking alert',
  'event-v2 alert',
  'llm-observability alert',
  'log alert',
  'network-path alert',
  'network-performance alert',
  'rum alert',
  'trace-analytics alert',
] as const)

export const isEventLike = (type: MonitorType): boolean => eventLike.has(type)

/** Types whose `query` is the metric grammar. */
export const isMetricType = (type: MonitorType): boolean => type === 'metric alert' || type === 'query alert'
