import { isIP, Socket } from 'node:net'
import { ForbiddenAddressError, type Guard } from '../../http/guard.ts'

/** A connection to where the guard allows it. */
export class GuardedSocket extends Socket {
  readonly #guard: Guard | null

  constructor(guard: Guard | null) {
    super()
    this.#guard = guard
  }

  /** As the driver calls it: port and host. */
  override connect(...args: unknown[]): this {
    const [port, host] = args
    if (typeof port !== 'number' || typeof host !== 'string') throw new Error('expected a port and a host')
    const guard = this.#guard
    if (guard === null) return super.connect({ port, host })
    const reason = isIP(host) === 0 ? null : guard.refusal(host)
    if (reason !== null) return this.destroy(new ForbiddenAddressError(reason))
    return super.connect({ port, host, lookup: guard.lookup })
  }
}

/** Some ten megabytes come in this time on a fast line: what a worker can bear beyond the bound. */
const lookMs = 20

/** Ends a connection that brings more than this; the returned function stops looking. The driver itself takes all that comes. */
export function boundBytes(socket: Socket, bytesMax: number): () => void {
  const timer = setInterval(() => {
    if (socket.bytesRead > bytesMax)
      socket.destroy(new Error(`the answer is larger than ${bytesMax / 1_048_576} MB: select fewer or shorter columns`))
  }, lookMs)
  return () => clearInterval(timer)
}
