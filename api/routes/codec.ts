/**
 * A codec endpoint for Temporal's CLI (`--codec-endpoint …/codec`) and Web UI, so that people can read what the engine compresses.
 * Needs no key, for the Web UI can't send ours: it tells nobody more than they sent. What may come out is bounded.
 * Read next: adapters/temporal/codec.ts, ../middleware/codec-origin.ts.
 */
import type { Payload } from '@temporalio/client'
import express, { Router } from 'express'
import { decodePayload, encodePayload, UndecodablePayload } from '../../adapters/temporal/codec.ts'
import { type CodecPayload, codecBodyBytesMax, codecDecodedBytesMax, codecRequestSchema } from '../../contract/codec.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest } from '../errors.ts'
import { allowOrigin } from '../middleware/codec-origin.ts'
import { bodyOf } from './request.ts'

/** Payloads of other encodings come back as they are. */
export function codecRoutes({ temporalUi = null }: Pick<AppDeps, 'temporalUi'>): Router {
  const router = Router()
  const body = express.json({ limit: codecBodyBytesMax, type: () => true })
  router.use('/codec', allowOrigin(temporalUi))
  router.post('/codec/decode', body, (req, res) => {
    res.json({ payloads: decodeAll(bodyOf(req, codecRequestSchema).payloads) })
  })
  router.post('/codec/encode', body, (req, res) => {
    const { payloads } = bodyOf(req, codecRequestSchema)
    res.json({ payloads: payloads.map((payload) => toJson(encodePayload(fromJson(payload)))) })
  })
  return router
}

function decodeAll(payloads: readonly CodecPayload[]): CodecPayload[] {
  let leftBytes = codecDecodedBytesMax
  return payloads.map((payload, index) => {
    const decoded = decodeOne(fromJson(payload), leftBytes, index)
    leftBytes -= decoded.data?.length ?? 0
    return toJson(decoded)
  })
}

function decodeOne(payload: Payload, bytesMax: number, index: number): Payload {
  try {
    return decodePayload(payload, Math.max(1, bytesMax))
  } catch (error) {
    if (error instanceof UndecodablePayload) throw badRequest([`payloads[${index}]: ${error.message}`])
    throw error
  }
}

function fromJson({ metadata, data }: CodecPayload): Payload {
  const entries = Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')])
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data ?? '', 'base64') }
}

function toJson({ metadata, data }: Payload): CodecPayload {
  const entries = Object.entries(metadata ?? {}).map(([key, value]) => [key, textOf(value)])
  return { metadata: Object.fromEntries(entries), data: textOf(data ?? new Uint8Array()) }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
