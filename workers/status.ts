import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Telemetry } from '../telemetry/telemetry.ts'

/** What /ready shows: ready once every Worker polls and PostgreSQL answers. */
export type Readiness = Readonly<{ ready: boolean; postgres: boolean; workers: Readonly<Record<string, string>> }>

export type StatusOptions = Readonly<{
  host: string
  port: number
  telemetry: Pick<Telemetry, 'serveMetrics'>
  readiness: () => Promise<Readiness>
}>

/** Serves /health (the process lives), /ready and /metrics. Rejects if the port is taken. */
export async function serveStatus(options: StatusOptions): Promise<Server> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch(() => response.destroy())
  })
  // Nobody asks for more than a line here; a client that takes longer is not asking.
  server.requestTimeout = 5_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return server
}

async function answer(options: StatusOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, { errors: ['only GET is answered here'] })
  switch (request.url?.split('?')[0]) {
    case '/health':
      return send(response, 200, { status: 'ok' })
    case '/ready': {
      const readiness = await options.readiness()
      return send(response, readiness.ready ? 200 : 503, readiness)
    }
    case '/metrics':
      return options.telemetry.serveMetrics(request, response)
    default:
      return send(response, 404, { errors: ['there are /health, /ready and /metrics'] })
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
