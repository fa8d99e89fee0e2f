import { createServer, type IncomingHttpHeaders } from 'node:http'

export type SeenRequest = Readonly<{ method: string; url: string; headers: IncomingHttpHeaders; body: unknown }>

export type JsonServer = Readonly<{ url: string; seen: readonly SeenRequest[]; close: () => Promise<void> }>

/** A real HTTP server on loopback that keeps what it was asked and answers what `answer` says. */
export async function jsonServer(answer: (request: SeenRequest) => Readonly<{ status: number; body: unknown }>): Promise<JsonServer> {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
    })
    request.on('end', () => {
      const body: unknown = text === '' ? null : JSON.parse(text)
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
      seen.push(one)
      const { status, body: reply } = answer(one)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
