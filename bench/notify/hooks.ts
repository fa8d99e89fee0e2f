import { createServer, type ServerResponse } from 'node:http'

export type Receipt = Readonly<{ id: string; atMs: number; bytes: number }>

/** `hang` never answers. */
export type Manner = 200 | 500 | 'hang'

export type Hooks = Readonly<{
  url: string
  /** What arrived and was answered well, oldest first. */
  taken: () => readonly Receipt[]
  /** Requests so far, whatever became of them. */
  tries: () => number
  behave: (manner: Manner) => void
  close: () => Promise<void>
}>

/** A receiver over HTTP on loopback, which keeps the id and time of what it takes. */
export async function startHooks(): Promise<Hooks> {
  const taken: Receipt[] = []
  let tries = 0
  let manner: Manner = 200
  const answer = (res: ServerResponse, receipt: Receipt): void => {
    if (manner === 'hang') return
    if (manner === 200) taken.push(receipt)
    res.writeHead(manner).end()
  }
  const server = createServer((req, res) => {
    tries += 1
    let bytes = 0
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    req.on('end', () => answer(res, { id: String(req.headers['webhook-id'] ?? ''), atMs: Date.now(), bytes }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver listens on no port')
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    taken: () => taken,
    tries: () => tries,
    behave: (next) => {
      manner = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
