import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'

/** What the demo shows of a webhook. The body has more; see docs of receivers. */
const content = z.object({ title: z.string(), transition: z.object({ from: z.string(), to: z.string() }) })

export type Received = Readonly<{ id: string; title: string; from: string; to: string; verified: true }>

export type Receiver = Readonly<{
  url: string
  /** Webhooks so far, in order of arrival; the same id only once. */
  received: () => readonly Received[]
  /** Why the last request wasn't taken; null if none was refused. */
  refused: () => string | null
  close: () => Promise<void>
}>

/** A notification is a few kilobytes. */
const bodyBytesMax = 256 * 1024

/** A small webhook receiver on loopback that takes only what is signed with `secret`, as Standard Webhooks says. */
export async function openReceiver(secret: string): Promise<Receiver> {
  const received: Received[] = []
  let refused: string | null = null
  const take = (headers: Readonly<Record<string, string>>, body: string): boolean => {
    const verdict = check(secret, headers, body)
    if (typeof verdict === 'string') {
      refused = verdict
      return false
    }
    if (!received.some(({ id }) => id === verdict.id)) received.push(verdict)
    return true
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
      if (body.length > bodyBytesMax) request.destroy()
    })
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      response.writeHead(take(headers, body) ? 204 : 400).end()
    })
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : 0)
    })
  })
  return {
    url: `http://127.0.0.1:${port}/`,
    received: () => received,
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The webhook, or why it is none. */
function check(secret: string, headers: Readonly<Record<string, string>>, body: string): Received | string {
  try {
    const { title, transition } = content.parse(new Webhook(secret).verify(body, headers))
    return { id: headers['webhook-id'] ?? '', title, ...transition, verified: true }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
