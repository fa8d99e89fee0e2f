/**
 * What Temporal's CLI and Web UI ask of a codec endpoint: payloads in the JSON form of their protobuf message, bytes as Base64.
 * Read next: api/routes/codec.ts.
 */
import { z } from 'zod'

/** A message of Temporal has 4 MB at most; as Base64 a third more. */
export const codecBodyBytesMax = 6 * 1_024 * 1_024
/** All that one request may have unpacked: more than the largest state; and anybody may ask, so no more than a process can spare. */
export const codecDecodedBytesMax = 16 * 1_024 * 1_024

const base64 = z.base64('expected Base64')
// The message may grow fields that are none of our business: they are dropped, as by any reader of protobuf.
const payload = z.object({ metadata: z.record(z.string(), base64).nullish(), data: base64.nullish() })

export const codecRequestSchema = z.object({ payloads: z.array(payload) })

export type CodecPayload = z.output<typeof payload>
