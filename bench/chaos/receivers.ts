/**
 * Receivers that write down what they are sent, each message with what they answered, and do what faults ask of them.
 * Never judges: check/deliveries.ts does. Read next: faults/peers.ts.
 */

import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { z } from 'zod'
import { assertNever } from '../../core/assert.ts'
import { type Asked, type Peer, startPeer } from './peer.ts'
import { receiverName, receiversCount } from './script.ts'

export type ReceiverMode = 'takes' | 'down' | 'hang' | '429'

/** One message as it came. `accepted`: it was answered 200. */
export const arrival = z.object({
  receiver: z.string(),
  id: z.string(),
  digest: z.string(),
  accepted: z.boolean(),
  atMs: z.number(),
})
export type Arrival = z.output<typeof arrival>

export type ScriptedReceivers = Readonly<{
  portOf: (index: number) => number
  set: (index: number, mode: ReceiverMode) => void
  close: () => Promise<void>
}>

/** Appends to `logFile`, a JSON object a line, before it answers. */
export async function startReceivers(logFile: string): Promise<ScriptedReceivers> {
  const all = await Promise.all(Array.from({ length: receiversCount }, (_, index) => startOne(receiverName(index), logFile)))
  return {
    portOf: (index) => all[index]?.port ?? 0,
    set: (index, mode) => all[index]?.set(mode),
    close: async () => {
      await Promise.all(all.map((one) => one.close()))
    },
  }
}

async function startOne(receiver: string, logFile: string): Promise<Peer<ReceiverMode>> {
  return startPeer<ReceiverMode>('takes', (asked) => {
    const id = String(asked.req.headers['webhook-id'] ?? '')
    const digest = createHash('sha256').update(asked.body).digest('hex').slice(0, 16)
    const one: Arrival = { receiver, id, digest, accepted: asked.mode === 'takes', atMs: Date.now() }
    appendFileSync(logFile, `${JSON.stringify(one)}\n`)
    answer(asked)
  })
}

function answer({ res, mode, hang }: Asked<ReceiverMode>): void {
  switch (mode) {
    case 'takes':
      res.writeHead(200).end()
      return
    case 'down':
      res.destroy()
      return
    case 'hang':
      hang()
      return
    case '429':
      res.writeHead(429, { 'retry-after': '2' }).end()
      return
    default:
      assertNever(mode)
  }
}
