import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export type Hook = Readonly<{ method: string; path: string; headers: Readonly<Record<string, string>>; body: string }>

export type HookServer = Readonly<{
  url: string
  /** What has arrived, oldest first. */
  hooks: () => readonly Hook[]
  close: () => Promise<void>
}>

/** How a receiver behaves, once it has read the request. `attempt` counts from 1. */
export type Behaviour = (res: ServerResponse, attempt: number, req: IncomingMessage) => void

export const answer =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Behaviour =>
  (res) => {
    res.writeHead(status, headers).end(body)
  }

/** A real HTTP server on loopback that keeps what it is sent. */
export async function startHookServer(behave: Behaviour): Promise<HookServer> {
  const hooks: Hook[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]))
      hooks.push({ method: req.method ?? '', path: req.url ?? '', headers, body: Buffer.concat(chunks).toString('utf8') })
      behave(res, hooks.length, req)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    hooks: () => hooks,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
