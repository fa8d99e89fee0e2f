/**
 * The cookie of the console, and the guard that comes with it: a browser sends cookies along whoever asks it to, so a write counts only
 * when the console's own page asked for it. Read next: keys.ts, ../routes/session.ts.
 */
import type { Request, Response } from 'express'
import { ApiError } from '../errors.ts'

const cookieName = 'tocsin_session'
/** A week: whoever looks each day signs in on Mondays. */
export const sessionSeconds = 7 * 24 * 3_600
/** A page from elsewhere can't send it: browsers would ask us first, and we allow nobody. */
const ownHeader = 'x-tocsin-console'
const token = /^[0-9a-f]{64}$/

/** null = the request brings none. */
export function sessionTokenOf(req: Request): string | null {
  for (const pair of (req.get('cookie') ?? '').split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2)
    if (name === cookieName && token.test(value)) return value
  }
  return null
}

/** `secure`: people reach this API by HTTPS, and the cookie never travels otherwise. */
export function setSessionCookie(res: Response, value: string, secure: boolean): void {
  res.cookie(cookieName, value, { ...cookieOptions(secure), maxAge: sessionSeconds * 1_000 })
}

export function clearSessionCookie(res: Response, secure: boolean): void {
  res.clearCookie(cookieName, cookieOptions(secure))
}

const cookieOptions = (secure: boolean) => ({ httpOnly: true, sameSite: 'strict', path: '/', secure }) as const

/** Of requests that count by their cookie, or that ask for one. */
export function refuseForeignPages(req: Request): void {
  if (req.method === 'GET' || req.method === 'HEAD') return
  if (req.get(ownHeader) === undefined) throw new ApiError(403, [`Forbidden: with a session a write needs the header ${ownHeader}`])
  const [site, origin] = [req.get('sec-fetch-site'), req.get('origin')]
  // Over plain HTTP browsers send Origin alone; clients that are no browsers send neither.
  const own = site === undefined ? origin === undefined || hostOf(origin) === req.get('host') : site === 'same-origin'
  if (!own) throw new ApiError(403, ['Forbidden: this request comes from a page of another site'])
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
