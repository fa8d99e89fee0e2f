/**
 * The HTTP server around the app. What Node's parser refuses before any route sees it is answered like all else, with `{"errors": […]}`.
 * Never listens by itself. Read next: app.ts.
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { requestLineBytesMax } from '../contract/bounds.ts'

/** A megabyte comes in seconds on any line; whoever takes longer holds a socket for nothing. */
const timeouts = { requestTimeout: 30_000, headersTimeout: 10_000 } as const

export function httpServer(app: RequestListener): Server {
  const server = createServer({ ...timeouts, maxHeaderSize: requestLineBytesMax }, app)
  server.on('clientError', answerUnreadable)
  return server
}

function answerUnreadable(error: Error, socket: Duplex): void {
  // The client is gone, or an answer is on its way already: nothing can be said in between.
  if (!socket.writable || codeOf(error) === 'ECONNRESET' || hasBegun(socket)) {
    socket.destroy()
    return
  }
  const { status, sentence } = refusalOf(codeOf(error))
  const body = JSON.stringify({ errors: [sentence] })
  const head = ['Connection: close', 'Content-Type: application/json; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`]
  socket.end(`HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\n\r\n${body}`)
}

function refusalOf(code: string | null): Readonly<{ status: string; sentence: string }> {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: '431 Request Header Fields Too Large',
        sentence: `the address and the headers come to more than ${requestLineBytesMax} bytes: ask for less at once`,
      }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: '408 Request Timeout', sentence: 'the request took too long to arrive: send it again' }
    default:
      return { status: '400 Bad Request', sentence: 'this is no HTTP request that can be read' }
  }
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** Node keeps the answer that a socket is sending on the socket itself. */
function hasBegun(socket: Duplex): boolean {
  const message: unknown = Object.getOwnPropertyDescriptor(socket, '_httpMessage')?.value
  return typeof message === 'object' && message !== null
}
