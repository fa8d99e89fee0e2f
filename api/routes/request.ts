/** What routes read off a request, or an ApiError that says what is wrong with it. */
import type { Request } from 'express'
import { parseMonitorId } from '../../contract/pages.ts'
import { type Output, parse, type Schema } from '../../contract/parse.ts'
import { accepted, badRequest, notFound } from '../errors.ts'

/** The id in the path. A text that can't be an id is 400; one that nothing can have is 404. */
export function monitorIdOf(req: Request): number {
  const text = String(req.params.id)
  if (!/^\d+$/.test(text)) throw badRequest([`monitor id: expected a positive whole number, got ${JSON.stringify(text.slice(0, 50))}`])
  const id = parseMonitorId(text)
  if (id === null) throw notFound('Monitor')
  return id
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The id in the path of what has a UUID, in lower case as it is stored; what can't be one is 404, as it is nothing's. */
export function uuidOf(req: Request, what: string): string {
  const id = String(req.params.id).toLowerCase()
  if (!uuid.test(id)) throw notFound(what)
  return id
}

export function queryOf<Shape extends Schema>(req: Request, shape: Shape): Output<Shape> {
  return accepted(parse(shape, req.query))
}

/** `optional`: a request without a body means an empty object. */
export function bodyOf<Shape extends Schema>(req: Request, shape: Shape, optional = false): Output<Shape> {
  return accepted(parse(shape, optional ? (req.body ?? {}) : req.body))
}

/** Fields out of the body, or, as Datadog documents some, out of the address, where numbers and flags are texts. */
export function bodyOrQuery<Shape extends Schema>(req: Request, shape: Shape): Output<Shape> {
  const fromAddress = Object.entries(req.query).map(([name, value]) => [name, plain(value)])
  const body: unknown = req.body ?? {}
  const both = typeof body === 'object' && !Array.isArray(body) ? { ...Object.fromEntries(fromAddress), ...body } : body
  return accepted(parse(shape, both))
}

function plain(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/^\d{1,15}$/.test(value)) return Number(value)
  return value === 'true' || value === 'false' ? value === 'true' : value
}
