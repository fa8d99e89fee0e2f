/** What workers ask or tell over HTTP, one server that behaves as it is told to. Read next: scripted-source.ts, receivers.ts. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export type Peer<Mode> = Readonly<{
  port: number
  /** What hangs is cut. */
  set: (mode: Mode) => void
  close: () => Promise<void>
}>

/** One request, read to its end. `hang` never answers, until the mode is another. */
export type Asked<Mode> = Readonly<{ req: IncomingMessage; body: Buffer; res: ServerResponse; mode: Mode; hang: () => void }>

/** On loopback, in the mode `first`. */
export async function startPeer<Mode>(first: Mode, answer: (asked: Asked<Mode>) => void): Promise<Peer<Mode>> {
  let mode = first
  const hanging = new Set<ServerResponse>()
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => answer({ req, body: Buffer.concat(chunks), res, mode, hang: () => hanging.add(res) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a server of the laboratory listens on no port')
  return {
    port: address.port,
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
