import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'

export type TcpProxy = Readonly<{
  port: number
  /** Connections stay open and carry nothing any more: a network that went silent. New ones are made, and carry nothing either. */
  freeze: () => void
  /** What was frozen is lost; new connections work. */
  thaw: () => void
  close: () => Promise<void>
}>

/** Stands before a server of this machine. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let frozen = false
  const server = createServer((inner) => {
    const outer = createConnection(targetPort, '127.0.0.1')
    for (const socket of [inner, outer]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        inner.destroy()
        outer.destroy()
      })
    }
    inner.pipe(outer)
    outer.pipe(inner)
    if (frozen) for (const socket of [inner, outer]) silence(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port')
  return {
    port: address.port,
    freeze: () => {
      frozen = true
      for (const socket of sockets) silence(socket)
    },
    thaw: () => {
      frozen = false
      for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function silence(socket: Socket): void {
  socket.unpipe()
  socket.pause()
}
