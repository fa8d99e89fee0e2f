import type { Receiver } from './notification-ports.ts'

/** Shorter ones are words of everyday: a channel, a port, `json`. */
const secretCharactersMin = 6
/** A configuration is a handful of values; what is nested deeper isn't one. */
const depthMax = 5

/** A text of the receiver's side, without anything that its configuration holds: a server may answer with the token that it was sent. */
export function redacted(text: string, { config }: Pick<Receiver, 'config'>): string {
  const values = [...new Set(textsOf(config, 0))].sort((a, b) => b.length - a.length)
  return values.reduce((rest, value) => rest.replaceAll(value, '[redacted]'), text)
}

function textsOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return value.length < secretCharactersMin ? [] : [value, ...partsOf(value)]
  if (typeof value !== 'object' || value === null || depth >= depthMax) return []
  return Object.values(value).flatMap((part) => textsOf(part, depth + 1))
}

/** Headers are kept as JSON, and a token may be the end of an address. */
function partsOf(value: string): string[] {
  const quoted = [...value.matchAll(/"([^"\\]+)"/g)].map(([, part]) => part ?? '')
  const words = value.split(/[\s/?&="]+/)
  return [...quoted, ...words].filter((part) => part.length >= 16)
}
