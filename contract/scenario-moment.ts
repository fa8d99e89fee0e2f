/** Moments as people write them in a scenario: `3` for a slot, or a time like 2026-01-01T00:03:00Z. Read next: scenario-shape.ts. */
import { z } from 'zod'
import type { Moment } from '../core/scenario/types.ts'

/** null where the text is no moment. */
export function momentOf(value: unknown): Moment | null {
  const text = String(value)
  if (/^\d{1,5}$/.test(text)) return { kind: 'slot', slot: Number(text) }
  const atMs = timeOf(text)
  return atMs === null ? null : { kind: 'time', atMs }
}

const momentMessage = 'expected the number of a slot, or a time like 2026-01-01T00:03:00Z'
export const moment = z.union([z.string(), z.number()], momentMessage).transform((value, context) => {
  const found = momentOf(value)
  if (found !== null) return found
  context.addIssue({ code: 'custom', message: momentMessage })
  return z.NEVER
})

/** In epoch ms. */
export const time = z.string('expected a time like 2026-01-01T00:00:00Z').transform((text, context) => {
  const atMs = timeOf(text)
  if (atMs !== null) return atMs
  context.addIssue({ code: 'custom', message: 'expected a time like 2026-01-01T00:00:00Z' })
  return z.NEVER
})

function timeOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null
  const atMs = Date.parse(text.replace(' ', 'T'))
  return Number.isNaN(atMs) ? null : atMs
}
