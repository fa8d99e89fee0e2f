/**
 * Receivers that write down what they are sent, each message with what they answered, and do what faults ask of them.
 * Never judges: check/deliveries.ts does. Read next: faults/receiver.ts.
 */

import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { z } from 'zod'
import { assertNever } from '../../core/assert.ts'
import { receiverName, receiversCount } from './script.ts'
import { listening } from './scripted-source.ts'

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

type One = Readonly<{ port: number; set: (mode: ReceiverMode) => void; close: () => Promise<void> }>

async function startOne(receiver: string, logFile: string): Promise<One> {
  let mode: ReceiverMode = 'takes'
  const hanging = new Set<ServerResponse>()
  const server = createServer((req, res) => {
    const hash = createHash('sha256')
    req.on('data', (chunk: Buffer) => hash.update(chunk))
    req.on('end', () => {
      const id = String(req.headers['webhook-id'] ?? '')
      const one: Arrival = { receiver, id, digest: hash.digest('hex').slice(0, 16), accepted: mode === 'takes', atMs: Date.now() }
      appendFileSync(logFile, `${JSON.stringify(one)}\n`)
      answer(res, mode, hanging)
    })
  })
  return {
    port: await listening(server),
    set: (next) => {
      mode = next
      for (const res of hanging) res.destroy()
      hanging.clear()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(res: ServerResponse, mode: ReceiverMode, hanging: Set<ServerResponse>): void {
  switch (mode) {
    case 'takes':
      res.writeHead(200).end()
      return
    case 'down':
      res.destroy()
      return
    case 'hang':
      hanging.add(res)
      return
    case '429':
      res.writeHead(429, { 'retry-after': '2' }).end()
      return
    default:
      assertNever(mode)
  }
}
