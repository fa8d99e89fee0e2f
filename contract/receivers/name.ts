import { z } from 'zod'

/** Handles stand in texts, and names in headers and addresses. */
const nameCharsMax = 100

/** A receiver's name: the handle without its @, so it is written as one (core/message/handles.ts). */
export const receiverName = z
  .string()
  .max(nameCharsMax, `expected at most ${nameCharsMax} characters`)
  .regex(/^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/, 'expected letters, digits, . - and _, beginning and ending with none of . and -')
