/**
 * The option `inhibited_by`: which monitors hold this one's notifications while they fire. That those named by id are there, and don't wait
 * for this one, is checked where it is stored (api/causes.ts). Read next: core/monitor/causes.ts.
 */
import { z } from 'zod'
import { inhibitRulesMax, notifyByMax, tagCharsMax, tagsMax } from './bounds.ts'

const which = 'say which monitors: monitor_id, or monitor_tags that they have'

const rule = z
  .strictObject({
    monitor_id: z.int().positive().optional(),
    monitor_tags: z.array(z.string().trim().min(1).max(tagCharsMax)).min(1).max(tagsMax).optional(),
    /** Keys of tags that its group and ours must have the same value of; left out = one group that fires holds all. */
    equal: z.array(z.string().trim().min(1).max(tagCharsMax)).max(notifyByMax).optional(),
    /** In which statuses a group counts; Alert by default. */
    statuses: z
      .array(z.enum(['alert', 'warn', 'no data']))
      .min(1)
      .max(3)
      .optional(),
  })
  .refine((said) => (said.monitor_id === undefined) !== (said.monitor_tags === undefined), { path: ['monitor_id'], message: which })

export const inhibitedBy = z.array(rule).max(inhibitRulesMax)
