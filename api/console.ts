/**
 * The console's files: whatever is named by its content for ever, the document for each address of the console's own, anew each time.
 * Never answers for an address of the API. Read next: console-files.ts, contract/console.ts.
 */
import type { Request, RequestHandler, Response } from 'express'
import { matchConsolePath } from '../contract/console.ts'
import type { ConsoleFile, ConsoleFiles } from './console-files.ts'

/** Everything comes from here, and the page talks to nobody else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A year: the name changes with the content. */
const forEver = 'public, max-age=31536000, immutable'

export function consoleFiles(files: ConsoleFiles): RequestHandler {
  return (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return next()
    const file = files.get(req.path)
    if (file !== undefined && req.path !== '/index.html')
      return send(req, res, file, req.path.startsWith('/assets/') ? forEver : 'no-cache')
    const index = files.get('/index.html')
    if (index === undefined || matchConsolePath(req.path) === null) return next()
    res.setHeader('Content-Security-Policy', policy)
    send(req, res, index, 'no-cache')
  }
}

function send(req: Request, res: Response, { type, plain, gzip, brotli }: ConsoleFile, caching: string): void {
  const packed = { br: brotli, gzip }
  const encoding = req.acceptsEncodings('br', 'gzip')
  const body = encoding === 'br' || encoding === 'gzip' ? packed[encoding] : null
  if (body !== null) res.setHeader('Content-Encoding', String(encoding))
  res.vary('Accept-Encoding')
  res.setHeader('Content-Type', type)
  res.setHeader('Cache-Control', caching)
  res.end(req.method === 'HEAD' ? undefined : (body ?? plain))
}
