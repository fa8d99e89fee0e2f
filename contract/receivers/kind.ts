/**
 * What a kind of receiver is to the API and to the configuration file: the shape of its configuration, and what of it is secret.
 * A file per kind beside this one. Read next: adapters/notifiers/, which read what is stored by the same shapes.
 */
import type { z } from 'zod'

export type ReceiverKind = Readonly<{
  kind: string
  /** As the API takes it and as it is stored: a strict object, snake_case. */
  config: z.ZodObject
  /** Fields of it that are never given out; a change that leaves them out keeps them. */
  secrets: readonly string[]
}>
