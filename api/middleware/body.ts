/** JSON bodies: at most a megabyte (of pushes five) after unpacking, storable, whatever their Content-Type says. */
import express, { type RequestHandler } from 'express'
import { bodyBytesMax } from '../../contract/bounds.ts'
import { unstorable } from '../../contract/json.ts'
import { badRequest } from '../errors.ts'

/** gzip, deflate, brotli and zstd are unpacked, and counted unpacked. */
export function jsonBody(bytesMax: number = bodyBytesMax): RequestHandler[] {
  // Clients without a Content-Type are common (curl -d); keys in headers leave nothing for a forged form to gain.
  const parse = express.json({ limit: bytesMax, type: () => true, strict: false })
  return [parse, refuseUnstorable]
}

const refuseUnstorable: RequestHandler = (req, _res, next) => {
  const wrong = unstorable(req.body)
  if (wrong !== null) throw badRequest([wrong])
  next()
}
