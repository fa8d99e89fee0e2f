/** What `/prometheus/api/v1/rules` may be asked, as Prometheus takes it. Read next: api/prometheus/. */
import { z } from 'zod'
import { nameCharsMax } from './bounds.ts'

const filtersMax = 1_000
const name = z.string().max(nameCharsMax)
const names = z
  .union([name, z.array(name).max(filtersMax)])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .optional()
const flag = z.enum(['true', 'false', '1', '0', 't', 'f']).transform((text) => text.startsWith('t') || text === '1')

export const rulesParameters = z.strictObject({
  type: z.enum(['alert', 'record']).optional(),
  'rule_name[]': names,
  'rule_group[]': names,
  'file[]': names,
  'match[]': names,
  exclude_alerts: flag.optional(),
  group_limit: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'expected a number from 1 on')
    .transform(Number)
    .optional(),
  group_next_token: z.string().max(4_000).optional(),
})
export type RulesParameters = z.output<typeof rulesParameters>

export const alertsParameters = z.strictObject({})
