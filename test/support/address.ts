import type { Server } from 'node:http'
import { until } from './until.ts'

/** `http://127.0.0.1:port` of a server, once it listens. */
export async function baseUrlOf(server: Server): Promise<string> {
  return until('a listening server', () => {
    const address = server.address()
    return address !== null && typeof address === 'object' && `http://127.0.0.1:${address.port}`
  })
}
