/** Notification rules that the server has. Read next: plan-rules.ts. */
import { z } from 'zod'
import { ask } from '../answers.ts'
import type { HttpClient } from '../http.ts'
import type { Body } from './desired.ts'

/** `body`: the attributes that people write. */
export type PresentRule = Readonly<{ id: string; name: string; body: Body }>

const shape = z.object({
  data: z.array(z.looseObject({ id: z.string(), attributes: z.looseObject({ name: z.string() }) })),
})

/** As many as there may be. */
const pageSize = 1_000

export async function readRules(server: HttpClient): Promise<PresentRule[]> {
  const { data } = await ask(server, shape, ['GET', `/api/v2/monitor/notification_rule?per_page=${pageSize}`])
  return data.map(({ id, attributes }) => ({ id, name: attributes.name, body: attributes }))
}
