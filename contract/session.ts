/** What a browser signs in with. Read next: api/routes/session.ts. */
import { z } from 'zod'

const keyCharsMax = 256
const key = z.string().trim().min(1, 'a key is missing').max(keyCharsMax, 'this is longer than any key')

export const sessionBody = z.strictObject({ api_key: key, application_key: key })

/** `after`: the id of the last event that was seen. */
export const streamParameters = z.object({ after: z.string().max(100).optional() })
