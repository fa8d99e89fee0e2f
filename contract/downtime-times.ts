/** What the page of downtimes asks: when they hold within a time, and when one that is being planned would. Read next: api/routes/downtime-times.ts. */
import { z } from 'zod'
import { instant } from './deliveries.ts'

const dayMs = 86_400_000
/** A calendar shows some weeks; a year is more than anybody looks through. */
const spanMsMax = 366 * dayMs

export const downtimeTimesParameters = z
  .object({ from: instant, to: instant })
  .refine(({ from, to }) => from < to, { path: ['from'], message: 'expected a time before to' })
  .refine(({ from, to }) => to - from <= spanMsMax, { path: ['to'], message: 'expected at most 366 days after from' })
