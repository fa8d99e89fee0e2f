/** Groups of other monitors that fire in a scenario, for a monitor with `inhibited_by`. Read next: scenario.ts, core/monitor/causes.ts. */
import { z } from 'zod'
import { groupKey, parseGroupKey } from '../core/monitor/group.ts'
import type { Status } from '../core/monitor/spec-types.ts'
import type { ScenarioCause } from '../core/scenario/types.ts'
import { scopeCharsMax, tagCharsMax } from './bounds.ts'
import { moment } from './scenario-moment.ts'

const statuses = { alert: 'Alert', warn: 'Warn', 'no data': 'No Data' } as const satisfies Readonly<Record<string, Status>>

export const causeShape = z.strictObject({
  /** An id other than the scenario's own: any number but 1. */
  monitor: z.int().min(2),
  /** The tags of that monitor. */
  tags: z.array(z.string().min(1).max(tagCharsMax)).default([]),
  group: z
    .string()
    .min(1)
    .max(scopeCharsMax)
    .default('*')
    .transform((text) => groupKey(parseGroupKey(text.trim()))),
  status: z.enum(['alert', 'warn', 'no data']).default('alert'),
  from: moment,
  until: moment.nullish(),
})

type Report = (place: readonly (string | number)[], message: string) => void

/** `slots`: how many there are. */
export function readCauses(texts: readonly z.output<typeof causeShape>[], slots: number, report: Report): ScenarioCause[] {
  return texts.map(({ monitor, tags, group, status, from, until }, index) => {
    if (from.kind === 'slot' && from.slot >= slots) report(['causes', index, 'from'], `there are only ${slots} slots, 0 to ${slots - 1}`)
    if (from.kind === 'slot' && until?.kind === 'slot' && until.slot <= from.slot)
      report(['causes', index, 'until'], 'what fires ends after it begins')
    return { firing: { monitorId: monitor, tags, group, status: statuses[status] }, from, until: until ?? null }
  })
}
