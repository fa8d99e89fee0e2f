/**
 * A network between two processes that can be cut, slow, reset, or silent. Bytes are passed on as they come and never looked at.
 * Read next: bench/chaos/stage.ts, which puts one between each pair.
 */
import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'

/** `half-open`: connections stay, new ones are made, and nothing goes through; what was silent is lost afterwards. */
export type ProxyMode = 'pass' | 'cut' | 'slow' | 'reset' | 'half-open'

export type TcpProxy = Readonly<{ port: number; set: (mode: ProxyMode) => void; close: () => Promise<void> }>

/** One way. A statement and its answer take four of these, a transaction some more. */
const slowMs = 150
/** All connections of a network that resets break this often. */
const resetEveryMs = 700

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let mode: ProxyMode = 'pass'
  let resets: NodeJS.Timeout | null = null
  const resetAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  const server = createServer({ noDelay: true }, (inner) => {
    if (mode === 'cut') {
      inner.destroy()
      return
    }
    const outer = createConnection({ port: targetPort, host: '127.0.0.1', noDelay: true })
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from)
      // One for each chunk on its way.
      from.setMaxListeners(0)
      from.on('error', () => {})
      from.on('data', (chunk: Buffer) => forward(chunk, from, to, mode))
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a proxy listens on no port')
  return {
    port: address.port,
    set: (next) => {
      if (resets !== null) clearInterval(resets)
      resets = next === 'reset' ? setInterval(resetAll, resetEveryMs) : null
      // What was silent has lost bytes: it can't go on.
      if (mode === 'half-open' || next === 'cut') for (const socket of sockets) socket.destroy()
      mode = next
    },
    close: async () => {
      if (resets !== null) clearInterval(resets)
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function forward(chunk: Buffer, from: Socket, to: Socket, mode: ProxyMode): void {
  if (mode === 'half-open' || to.destroyed) return
  const write = (): void => {
    if (to.destroyed || to.write(chunk)) return
    from.pause()
    to.once('drain', () => from.resume())
  }
  // Order holds: each waits as long as the one before it. Where the network gets quick again, what is on its way could be overtaken.
  if (mode === 'slow' || to.listenerCount('slow') > 0) {
    to.once('slow', write)
    setTimeout(() => to.emit('slow'), slowMs)
  } else write()
}
