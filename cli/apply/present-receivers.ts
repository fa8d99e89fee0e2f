/** Receivers that the server has; their secrets are never given out. Read next: plan-receivers.ts. */
import { z } from 'zod'
import { ask } from '../answers.ts'
import type { HttpClient } from '../http.ts'
import type { Body } from './desired.ts'

/** `secrets`: the names of those that are set. */
export type PresentReceiver = Readonly<{ name: string; kind: string; secrets: readonly string[]; managedBy: string; body: Body }>

const shape = z.object({
  receivers: z.array(
    z.looseObject({
      name: z.string(),
      kind: z.string(),
      secrets: z.array(z.string()),
      managed_by: z.string(),
      config: z.record(z.string(), z.unknown()),
    }),
  ),
})

/** The log, which is always there, is none that files could hold. */
export async function readReceivers(server: HttpClient): Promise<PresentReceiver[]> {
  const { receivers } = await ask(server, shape, ['GET', '/api/v2/receivers'])
  return receivers
    .filter(({ name }) => name !== 'log')
    .map(({ secrets, managed_by: managedBy, ...body }) => ({ name: body.name, kind: body.kind, secrets, managedBy, body }))
}
