/**
 * The option `prometheus` as code reads it: where a rule stands, and its templates. Nothing of the interpreter, since workflows read it for the
 * phase. Read next: rule.ts, contract/prometheus-rule.ts (the option's shape).
 */

export type PrometheusRule = Readonly<{
  file: string
  group: string
  /** Position in the group, from 0, and how many rules it has. */
  order: number
  size: number
  /** Of the rule and its group, as written. */
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  externalLabels: Readonly<Record<string, string>>
  externalUrl: string
}>

/** As the option has it; null where a monitor is no rule of Prometheus. */
export function prometheusRuleOf(prometheus: unknown): PrometheusRule | null {
  if (!isRecord(prometheus)) return null
  const { file, group, order, size, external_url: externalUrl } = prometheus
  if (typeof file !== 'string' || typeof group !== 'string' || typeof order !== 'number') return null
  return {
    file,
    group,
    order,
    size: typeof size === 'number' ? Math.max(size, order + 1) : order + 1,
    labels: textsOf(prometheus.labels),
    annotations: textsOf(prometheus.annotations),
    externalLabels: textsOf(prometheus.external_labels),
    externalUrl: typeof externalUrl === 'string' ? externalUrl : '',
  }
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one]] : [])))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
