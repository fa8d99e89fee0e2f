import { z } from 'zod'

/** A source's name: it stands in tags, addresses and options. */
export const sourceName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'expected a lower-case letter, then letters, digits, - and _ (63 characters at most)')
