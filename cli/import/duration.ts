/** Durations as Prometheus and its kin write them: `1h30m`. */
import { z } from 'zod'

const unitsS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 }

/** In seconds. */
export const duration = z
  .union([z.string(), z.number()])
  .transform(String)
  .transform((text, context) => {
    const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)]
    if (text === '0' || (parts.length > 0 && parts.map(([part]) => part).join('') === text)) {
      return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitsS[unit ?? ''] ?? 0), 0)
    }
    context.addIssue({ code: 'custom', message: `expected a duration like 5m, not ${text}` })
    return z.NEVER
  })
