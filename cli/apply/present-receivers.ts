/** Receivers that the server has; their secrets are never given out. Read next: plan-receivers.ts. */
import { z } from 'zod'
import { refusal } from '../answers.ts'
import { CommandError, exitCodes } from '../codes.ts'
import type { HttpClient } from '../http.ts'
import type { Body } from './desired.ts'

export type PresentReceiver = Readonly<{ name: string; kind: string; body: Body }>

const shape = z.object({ receivers: z.array(z.looseObject({ name: z.string(), kind: z.string() })) })

/** null = the server has no such route. */
export async function readReceivers(server: HttpClient): Promise<PresentReceiver[] | null> {
  const answer = await server.request('GET', '/api/v2/receivers')
  if (answer.status === 404) return null
  if (answer.status >= 300) throw refusal(answer)
  const parsed = shape.safeParse(answer.body)
  if (!parsed.success) throw new CommandError('the server lists receivers in another way than this version reads', exitCodes.unavailable)
  return parsed.data.receivers.map((body) => ({ name: body.name, kind: body.kind, body }))
}
