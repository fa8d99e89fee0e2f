/** How names of metrics and tags are written to Prometheus. */

export type NameRule = Readonly<{
  /** What stands before `{`; and what has to stand inside of it instead. */
  metric: (name: string) => Readonly<{ before: string; inside: string }>
  label: (key: string) => string
}>

/** `underscores`: dots and all else that classic names can't hold become `_`. `exact`: as they are, quoted where need be (Prometheus 3). */
export function nameRule(names: 'underscores' | 'exact'): NameRule {
  const classicMetric = /^[A-Za-z_:][A-Za-z0-9_:]*$/
  const classicLabel = /^[A-Za-z_][A-Za-z0-9_]*$/
  if (names === 'exact') {
    return {
      metric: (name) => (classicMetric.test(name) ? { before: name, inside: '' } : { before: '', inside: JSON.stringify(name) }),
      label: (key) => (classicLabel.test(key) ? key : JSON.stringify(key)),
    }
  }
  return {
    metric: (name) => ({ before: name.replace(/[^A-Za-z0-9_:]/g, '_').replace(/^(?=\d)/, '_'), inside: '' }),
    label: (key) => key.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_'),
  }
}
