/**
 * Which web pages may read answers of the codec endpoint: those of our Temporal Web UI and no others. Clients that are no
 * browsers send no Origin and are not asked.
 */
import type { RequestHandler } from 'express'

/** Names by which a browser on this machine may call the same server. */
const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])
/** What the Web UI sends along: the namespace, and whoever configured a login there. */
const allowedHeaders = 'Content-Type, X-Namespace, Authorization'
/** Seconds for which a browser needn't ask again. */
const preflightMaxAgeS = 600

/** `ui`: address of the Web UI; null = no page may. */
export function allowOrigin(ui: string | null): RequestHandler {
  return (req, res, next) => {
    const { origin } = req.headers
    res.vary('Origin')
    if (origin !== undefined && ui !== null && isSameSite(origin, ui)) {
      res.setHeader('Access-Control-Allow-Origin', origin)
      // The Web UI may be told to send cookies, for a proxy that asks for them.
      res.setHeader('Access-Control-Allow-Credentials', 'true')
      res.setHeader('Access-Control-Allow-Headers', allowedHeaders)
      res.setHeader('Access-Control-Allow-Methods', 'POST')
      res.setHeader('Access-Control-Max-Age', preflightMaxAgeS)
    }
    if (req.method === 'OPTIONS') res.status(204).end()
    else next()
  }
}

function isSameSite(origin: string, ui: string): boolean {
  if (!URL.canParse(origin) || !URL.canParse(ui)) return false
  const [theirs, ours] = [new URL(origin), new URL(ui)]
  if (theirs.origin === ours.origin) return true
  return theirs.protocol === ours.protocol && theirs.port === ours.port && loopback.has(theirs.hostname) && loopback.has(ours.hostname)
}
