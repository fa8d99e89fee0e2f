/** Thresholds as people call them, and numbers as they read them. Pure. */
import type { ThresholdName } from './draft.ts'

export const thresholdNames = ['critical', 'warning', 'critical_recovery', 'warning_recovery'] as const satisfies readonly ThresholdName[]

export const thresholdLabels: Readonly<Record<ThresholdName, string>> = {
  critical: 'Alert',
  warning: 'Warning',
  critical_recovery: 'Alert recovery',
  warning_recovery: 'Warn recovery',
}

/** So many digits that count: what a pointer can mean. */
export function roundTo(value: number, digits: number): number {
  return Number(value.toPrecision(digits))
}

const large = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

export function numberText(value: number): string {
  const found = large.find(([size]) => Math.abs(value) >= size && Math.abs(value) >= 10_000)
  return found === undefined ? String(Number(value.toPrecision(4))) : `${Number((value / found[0]).toPrecision(4))}${found[1]}`
}

const powers = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** As axes have it. */
export function valueText(value: number, unit: string | null): string {
  switch (unit) {
    case 'percent':
      return `${numberText(value)} %`
    case 'bytes': {
      const power = Math.min(powers.length - 1, Math.max(0, Math.floor(Math.log2(Math.abs(value) || 1) / 10)))
      return `${Number((value / 1_024 ** power).toPrecision(3))} ${powers[power] ?? ''}`
    }
    case 'seconds':
      return `${numberText(value)} s`
    case 'milliseconds':
      return `${numberText(value)} ms`
    default:
      return numberText(value)
  }
}
