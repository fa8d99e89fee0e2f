import type { MonitorSpec } from './spec-types.ts'

/** As Nagios has them by default, in percent. */
export const lowMark = 20
export const highMark = 50

/** The option `flapping`: marks in percent. Left out where nobody asks for it, and with set times, which lie too far apart. */
export function flappingOf(value: unknown, schedule: MonitorSpec['schedule']): Pick<MonitorSpec, 'flapping'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || schedule !== null) return {}
  const said = new Map<string, unknown>(Object.entries(value))
  const mark = (name: string, standard: number): number => {
    const number = said.get(name)
    return typeof number === 'number' ? number : standard
  }
  const high = mark('high', highMark)
  return { flapping: { low: Math.min(mark('low', lowMark), high), high } }
}
